import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import manifest from '../../package.json' with { type: 'json' };
import { ensureBuilt } from '../built.ts';
import consumer from './consumer/package.json' with { type: 'json' };

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed package, a file. */
    tarball: string;
    /** A project that has installed the tarball and, beside it, the types of Node alone. */
    bare: string;
    /** The same with every optional peer of the package, and with what `consumer/` needs. */
    full: string;
  }
}

/** What `consumer/` imports beside the package and its peers: a validator, clients, types of frameworks. */
const BESIDE = [
  ...['zod', 'pg', 'mysql2', 'redis', 'ioredis', '@electric-sql/pglite'],
  ...['@types/pg', '@types/express', '@types/koa'],
];

/** Builds and packs the library, and installs the tarball into two projects of its own. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'keywright-package-'));
  ensureBuilt();
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], '.');
  const [tarball] = globSync('*.tgz', { cwd: folder });
  if (!tarball) throw new Error('npm pack made no tarball');
  project.provide('tarball', join(folder, tarball));
  const types = pinned('@types/node');
  const beside = [...Object.keys(manifest.peerDependencies), ...BESIDE].map(pinned);
  const compilers = Object.entries(consumer.devDependencies).map((pair) => pair.join('@'));
  project.provide('bare', install(join(folder, 'bare'), [`../${tarball}`, types]));
  project.provide(
    'full',
    install(join(folder, 'full'), [`../${tarball}`, types, ...beside, ...compilers]),
  );
  return () => rmSync(folder, { recursive: true });
}

function install(folder: string, packages: readonly string[]): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  npm(['install', '--no-audit', '--no-fund', ...packages], folder);
  return folder;
}

/** The package in the version that the library is developed with. */
function pinned(name: string): string {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as {
    version: string;
  };
  return `${name}@${version}`;
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
