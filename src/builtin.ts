/** The built-in modules of Node that the library uses if the runtime has them. */
interface Builtins {
  'node:crypto': typeof import('node:crypto');
  'node:diagnostics_channel': typeof import('node:diagnostics_channel');
}

/**
 * A built-in module, or `undefined` on a runtime without it.
 *
 * Uses `process.getBuiltinModule` (Node 22.3, Deno, Bun) at run time instead of an import: bundlers
 * would try to resolve an import, and edge runtimes would fail on it.
 */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  const runtime: { getBuiltinModule?: (name: string) => unknown } | undefined = globalThis.process;
  try {
    return runtime?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
  } catch {
    return undefined; // in the Edge runtime of Next.js, the function exists but throws
  }
}
