import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { entries } from '../../entries.config.ts';
import { exportsOf, formats } from '../package/load.ts';

/** The oldest Node that `engines` allows, and the newest of each line that is supported. */
const VERSIONS = ['22.18.0', '22.23.3', '24.21.0', '26.10.0'];

interface Counts {
  passed: number;
  failed: number;
}

/** The npm package that holds the binary of Node for this machine. */
function binaryPackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

/** Path of one version's binary, fetched once into a folder outside the tree. */
function fetchNode(version: string): string {
  const folder = join(tmpdir(), 'keywright-node-versions', version);
  const name = binaryPackage();
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(folder, 'node_modules', name, 'bin', binary);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const args = ['install', '--no-audit', '--no-fund', `${name}@${version}`];
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const found = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
  if (found !== `v${version}`) throw new Error(`${path} is Node ${found}`);
  return path;
}

/**
 * Suites that talk to servers in other processes. They run in `npm test`; what they say of a store
 * does not depend on the Node, and each takes a minute.
 */
const SERVER_SUITES = ['postgres', 'mysql', 'pglite', 'redis', 'kysely', 'redis/**', 'sql/**'];

/** The suite on the sources, in that Node and with it first in PATH. */
function runSuite(node: string): Counts {
  const excluded = SERVER_SUITES.flatMap((name) => ['--exclude', `test/stores/${name}*`]);
  const { status, stdout } = spawnSync(
    node,
    ['node_modules/vitest/vitest.mjs', 'run', ...excluded],
    {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
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
execFileSync('npm', ['run', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
for (const version of VERSIONS) {
  const node = fetchNode(version);
  for (const [what, run] of Object.entries({ suite: runSuite, package: loadPackage })) {
    const { passed, failed } = run(node);
    console.log(`Node ${version}, ${what}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
