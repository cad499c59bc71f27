import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { entries } from '../../entries.config.ts';
import { ensureBuilt } from '../built.ts';
import { exportsOf, formats } from '../package/load.ts';
import { fetchNode } from './binaries.ts';
import type { Counts } from './collect.ts';

/**
 * The oldest Node that `engines` allows, the newest of its line, and the newest of all; for the one
 * that the project is developed on, `npm run test:dist` does this. The suite takes three minutes, and
 * has nothing to find between the two ends of a line.
 */
const VERSIONS = {
  '22.18.0': { suite: runSuite, package: loadPackage },
  '22.23.3': { package: loadPackage },
  '26.10.0': { suite: runSuite, package: loadPackage },
};

/**
 * Suites that say nothing of the Node they run on, and take minutes: those that talk to servers in
 * other processes, and those about the project itself. They run in `npm test`.
 */
const EXCLUDED = [
  'test/stores/{postgres,mysql,pglite,redis,kysely}*',
  'test/stores/{sql,redis}/**',
  'test/examples/proon-databases*',
  'test/{docs,bench,architecture,faults,engines}/**',
  'test/{architecture,reporter,lockfile}*',
  'test/management/typed-client*',
];

/** The suite on the built package, in that Node and with it first in PATH. */
function runSuite(node: string): Counts {
  const excluded = EXCLUDED.flatMap((pattern) => ['--exclude', pattern]);
  const { status, stdout } = spawnSync(
    node,
    ['node_modules/vitest/vitest.mjs', 'run', '--typecheck.enabled=false', ...excluded],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        KEYWRIGHT_DIST: '1',
        PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
      },
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [, passed = '0', failed = '0'] = /(\d+) passed, (\d+) failed.*\s*$/.exec(stdout) ?? [];
  const counts = { passed: Number(passed), failed: Number(failed) };
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  if (counts.failed > 0) console.log(stdout);
  return counts;
}

/** Every subpath of the built package, in both formats. */
function loadPackage(node: string): Counts {
  const counts = { passed: 0, failed: 0 };
  for (const { specifier } of entries) {
    for (const format of formats) {
      try {
        exportsOf(specifier, format, { node, folder: process.cwd() });
        counts.passed += 1;
      } catch (error) {
        counts.failed += 1;
        console.log(`${specifier} as ${format}:`, error);
      }
    }
  }
  return counts;
}

const total: Counts = { passed: 0, failed: 0 };
ensureBuilt();
for (const [version, checks] of Object.entries(VERSIONS)) {
  const node = fetchNode(version);
  for (const [what, run] of Object.entries(checks)) {
    const { passed, failed } = run(node);
    console.log(`Node ${version}, ${what}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
