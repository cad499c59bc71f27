import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A runtime as npm has it: a package that holds one binary, without a script to install it. */
export interface Binary {
  readonly name: string;
  readonly version: string;
  /** Where the binary is within the package. */
  readonly path: string;
}

/** Path of the binary, fetched once into a folder outside the tree. */
export function fetchBinary({ name, version, path }: Binary): string {
  const folder = join(tmpdir(), 'keywright-runtimes', `${name.replaceAll('/', '-')}-${version}`);
  const binary = join(folder, 'node_modules', name, path);
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`];
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return binary;
}

/** Node of a version; `node_modules/.bin` has another. */
export function fetchNode(version: string): string {
  const { platform, arch } = process;
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  const windows = platform === 'win32';
  const name = `${prefix}-${windows ? 'win' : platform}-${arch}`;
  const node = fetchBinary({ name, version, path: join('bin', windows ? 'node.exe' : 'node') });
  const found = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  if (found !== `v${version}`) throw new Error(`${node} is Node ${found}`);
  return node;
}
