/** The two of Node's own modules that the library uses where the runtime has them. */
interface Builtins {
  'node:crypto': typeof import('node:crypto');
  'node:diagnostics_channel': typeof import('node:diagnostics_channel');
}

/**
 * A built-in module, or `undefined` on a runtime without it.
 *
 * `process.getBuiltinModule` (Node 22.3, Deno, Bun) is looked up at run time, so no bundler sees
 * an import to resolve and no edge runtime fails on one.
 */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  const host: { getBuiltinModule?: (name: string) => unknown } | undefined = globalThis.process;
  try {
    return host?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
  } catch {
    return undefined; // the Edge runtime of Next.js has the function, and throws when it is called
  }
}
