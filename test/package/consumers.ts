import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import manifest from '../../package.json' with { type: 'json' };
import { ensureBuilt } from '../built.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A project that has installed the tarball and, beside it, the types of Node alone. */
    bare: string;
    /** The same with every optional peer of the package. */
    full: string;
  }
}

/** Builds and packs the library, and installs the tarball into two projects of its own. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'keywright-package-'));
  ensureBuilt();
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], '.');
  const [tarball] = globSync('*.tgz', { cwd: folder });
  if (!tarball) throw new Error('npm pack made no tarball');
  const peers = Object.keys(manifest.peerDependencies);
  project.provide('bare', install(join(folder, 'bare'), `../${tarball}`, ['@types/node']));
  project.provide(
    'full',
    install(join(folder, 'full'), `../${tarball}`, ['@types/node', ...peers]),
  );
  return () => rmSync(folder, { recursive: true });
}

function install(folder: string, tarball: string, packages: readonly string[]): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const pinned = packages.map((name) => `${name}@${installedVersion(name)}`);
  npm(['install', '--no-audit', '--no-fund', tarball, ...pinned], folder);
  return folder;
}

/** The version that the library is developed with. */
function installedVersion(name: string): string {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as {
    version: string;
  };
  return version;
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
