import { execSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Builds the package if there is no build that is newer than all it is made from. */
export function ensureBuilt(): void {
  // Declarations come last, and a build for the demo has none.
  const made = newest(['dist/index.d.ts']);
  if (
    made >
    newest([
      'src/**/*.{ts,css}',
      'docs/examples/proon/*.ts',
      'package.json',
      '*.config.ts',
      'tsconfig*.json',
    ])
  )
    return;
  // What the build prints is no result, so it goes to standard error.
  execSync('npm run build', { cwd: ROOT, stdio: ['ignore', process.stderr, process.stderr] });
}

/** When the newest of the files was written, in epoch milliseconds; 0 if there are none. */
function newest(patterns: string[]): number {
  const times = globSync(patterns, { cwd: ROOT }).map((path) => statSync(ROOT + path).mtimeMs);
  return Math.max(0, ...times);
}

if (import.meta.main) ensureBuilt();
