import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Snippet, snippetsOf } from '../docs/snippets.ts';
import { freePort } from '../servers/daemon.ts';

const exec = promisify(execFile);
let folder: string;

/** Runs a program in the folder of the new user, and gives what it printed on standard output. */
async function run(program: string, ...args: readonly string[]): Promise<string> {
  const { DATABASE_URL: _, ...env } = process.env;
  return (await exec(program, args, { cwd: folder, env })).stdout;
}

/** Starts a program that serves; resolves with what it printed once that matches. */
async function serve(args: readonly string[], ready: RegExp) {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd: folder, env });
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  while (!ready.test(output)) {
    if (child.exitCode !== null) throw new Error(`it ended early: ${output}`);
    await Promise.race([once(child.stdout, 'data'), ended]);
  }
  return {
    output,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keywright-start-'));
  await run('npm', 'init', '-y');
  // As npm 11 writes it, whichever npm is here.
  await run('npm', 'pkg', 'set', 'type=commonjs');
  await run('npm', 'install', '--no-audit', '--no-fund', inject('tarball'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the quick start of the README', () => {
  it('works after npm init and npm install, as the README in the package says it', async () => {
    const readme = pathToFileURL(join(folder, 'node_modules', manifest.name, 'README.md')).href;
    const [{ code }] = (await snippetsOf(readme)) as [Snippet];
    const [, file = ''] = /^\/\/ (\S+)\n/.exec(code) ?? [];
    expect(file).toBe('server.mts');
    await writeFile(join(folder, file), code.replaceAll('3000', String(await freePort())));
    const server = await serve([file], /^curl .+\n/m);
    try {
      const [curl = ''] = /^curl .+$/m.exec(server.output) ?? [];
      expect(await run('sh', '-c', `${curl} -s --retry 5 --retry-connrefused`)).toBe(
        'Hello, org_acme\n',
      );
      expect(server.output).not.toContain('Warning');
    } finally {
      await server.stop();
    }
  });

  it('names the version of Node that it needs beside the command', async () => {
    const readme = await readFile(join(folder, 'node_modules', manifest.name, 'README.md'), 'utf8');
    const [, version = ''] = /^>=(\d+\.\d+)$/.exec(manifest.engines.node) ?? [];
    expect(readme).toMatch(new RegExp(`\`node server\\.mts\` with Node ${version} or later`));
  });
});

describe('the command line of the package', () => {
  it('works where nothing else is installed', async () => {
    const npx = (...args: readonly string[]) => run('npx', '--no', '--', 'keywright', ...args);
    expect((await npx('--version')).trim()).toBe(manifest.version);
    await npx('init', '--brand', 'prn');
    await npx('migrate');
    const token = await npx('create', '--name', 'First', '--owner', 'org_acme', '--reveal');
    expect(token).toMatch(/^prn_live_\w{55}\n$/);
    expect(await npx('list', '--owner', 'org_acme')).toContain('First');
  });

  it('says which driver a database needs', async () => {
    await writeFile(
      join(folder, 'other.config.json'),
      JSON.stringify({
        format: { brand: 'prn', environments: ['live'] },
        database: 'postgres://127.0.0.1/app',
      }),
    );
    const args = ['--no', '--', 'keywright', 'list', '--owner', 'org_acme'];
    await expect(run('npx', ...args, '--config', 'other.config.json')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm install pg'),
    });
  });

  it('serves the demo, with its dashboard', async () => {
    const bin = join('node_modules', manifest.name, manifest.bin.keywright);
    const demo = await serve([bin, 'demo', '--port', '0'], /\/activity\n/);
    try {
      const [link = ''] = /http:\S+\?ticket=\S+/.exec(demo.output) ?? [];
      const page = await fetch(link);
      expect(await page.text()).toContain('<keywright-keys');
    } finally {
      await demo.stop();
    }
  });
});
