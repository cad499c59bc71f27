import { execFileSync } from 'node:child_process';

/** The two formats of the package, as Node names them. */
export const formats = ['module', 'commonjs'] as const;

/**
 * The names that a subpath exports, sorted, as one Node loads it in one format from one folder.
 *
 * @throws if it does not load, or Node deprecates something on the way
 */
export function exportsOf(
  specifier: string,
  format: (typeof formats)[number],
  { node, folder }: { node: string; folder: string },
): string[] {
  const load = format === 'module' ? `await import('${specifier}')` : `require('${specifier}')`;
  const program = `console.log(JSON.stringify(Object.keys(${load})))`;
  const args = ['--throw-deprecation', `--input-type=${format}`, '--eval', program];
  const output = execFileSync(node, args, { cwd: folder, encoding: 'utf8' });
  return (JSON.parse(output) as string[]).sort();
}
