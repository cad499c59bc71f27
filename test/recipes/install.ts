import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../built.ts';

const FOLDER = import.meta.dirname;
/** The digest of what node_modules was made of. */
const INSTALLED = join(FOLDER, 'node_modules', '.installed');

/** Installs the frameworks, and the package as it would be published, unless they are there. */
export function install(): void {
  ensureBuilt();
  const packed = mkdtempSync(join(tmpdir(), 'keywright-recipes-'));
  try {
    npm(['pack', '--pack-destination', packed], join(FOLDER, '..', '..'));
    const [tarball] = globSync('*.tgz', { cwd: packed }).map((name) => join(packed, name));
    if (tarball === undefined) throw new Error('npm pack made no tarball');
    const wanted = digestOf(join(FOLDER, 'package.json'), tarball);
    if (wanted === installed()) return;
    rmSync(INSTALLED, { force: true });
    npm(['install', '--no-save', '--no-package-lock', tarball], FOLDER);
    writeFileSync(INSTALLED, wanted);
  } finally {
    rmSync(packed, { recursive: true });
  }
}

function digestOf(...paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex');
}

function installed(): string | undefined {
  try {
    return readFileSync(INSTALLED, 'utf8');
  } catch {
    return undefined;
  }
}

function npm(args: readonly string[], cwd: string): void {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', [...args, ...quiet], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 8 * 60_000,
  });
}
