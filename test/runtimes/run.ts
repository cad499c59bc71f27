import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ensureBuilt } from '../built.ts';
import { fetchBinary, fetchNode } from './binaries.ts';
import type { Counts } from './collect.ts';

/** One suite of the core and the Fetch guard, on the built package, in every runtime. */
const RUNTIMES: Record<string, () => [command: string, ...args: string[]]> = {
  'Node 22.18.0': () => [fetchNode('22.18.0'), 'process.mjs'],
  'Node 24.21.0': () => [fetchNode('24.21.0'), 'process.mjs'],
  'Node 26.10.0': () => [fetchNode('26.10.0'), 'process.mjs'],
  'Bun 1.4.5': () => {
    const name = `@oven/bun-${process.platform}-${process.arch}`;
    return [fetchBinary({ name, version: '1.4.5', path: 'bin/bun' }), 'run', 'process.mjs'];
  },
  'Deno 2.9.6': () => {
    const name = `@deno/${process.platform}-${process.arch}${glibc()}`;
    const deno = fetchBinary({ name, version: '2.9.6', path: 'deno' });
    return [deno, 'run', '--allow-all', '--no-lock', 'process.mjs'];
  },
  'workerd 2026-11-17': () => {
    const name = `@cloudflare/workerd-${process.platform}-${process.arch.replace('x64', '64')}`;
    const workerd = fetchBinary({ name, version: '1.20261117.1', path: 'bin/workerd' });
    return [workerd, 'test', 'worker.capnp'];
  },
};

function glibc(): string {
  return process.platform === 'linux' ? '-glibc' : '';
}

/** A folder in which the built package is installed, with the suite for processes and for workers. */
async function consumer(): Promise<string> {
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'keywright-runtimes-'));
  const installed = join(folder, 'node_modules', 'keywright');
  mkdirSync(installed, { recursive: true });
  // Deno looks into node_modules where there is one.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  cpSync('dist', join(installed, 'dist'), { recursive: true });
  cpSync('package.json', join(installed, 'package.json'));
  cpSync('node_modules/@noble', join(folder, 'node_modules', '@noble'), { recursive: true });
  cpSync('test/runtimes/worker.capnp', join(folder, 'worker.capnp'));
  const common = { bundle: true, format: 'esm' as const, external: ['node:*'] };
  await build({
    ...common,
    entryPoints: ['test/runtimes/process.ts'],
    outfile: join(folder, 'process.mjs'),
    external: ['node:*', 'keywright', 'keywright/*'],
  });
  await build({
    ...common,
    entryPoints: ['test/runtimes/worker.ts'],
    outfile: join(folder, 'worker.mjs'),
    // What Cloudflare's own bundler resolves a package by.
    conditions: ['workerd', 'worker', 'browser'],
  });
  return folder;
}

function run(folder: string, [command, ...args]: [string, ...string[]]): Counts {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [, passed = '0', failed = '0'] = /(\d+) passed, (\d+) failed/.exec(stdout + stderr) ?? [];
  const counts = { passed: Number(passed), failed: Number(failed) };
  if ((status !== 0 || counts.passed === 0) && counts.failed === 0) counts.failed = 1;
  if (counts.failed > 0) console.log(stdout, stderr);
  return counts;
}

const folder = await consumer();
const total: Counts = { passed: 0, failed: 0 };
for (const [name, commandIn] of Object.entries(RUNTIMES)) {
  const { passed, failed } = run(folder, commandIn());
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  total.passed += passed;
  total.failed += failed;
}
rmSync(folder, { recursive: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
