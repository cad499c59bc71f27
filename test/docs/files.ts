import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../servers/daemon.ts';
import { untilAnswered } from '../servers/until-answered.ts';

const execFileAsync = promisify(execFile);
const ROOT = new URL('../../', import.meta.url);
const PRELOAD = ['--import', new URL('test/docs/resolve-keywright.ts', ROOT).href];

/**
 * The files that a page shows whole: each block `ts recipe`, whose first line is a comment with its path,
 * such as `// src/index.ts`.
 */
export async function filesOf(page: string): Promise<Map<string, string>> {
  const text = await readFile(new URL(page, ROOT), 'utf8');
  const blocks = text.matchAll(/^```ts recipe\n(\/\/ ([\w./-]+\.m?ts)\n.*?)^```$/gms);
  const files = new Map([...blocks].map(([, code = '', path = '']) => [path, code] as const));
  if (files.size === 0) throw new Error(`${page} shows no file`);
  return files;
}

/** The files of a page in a folder, as a reader has them. */
export interface RecipeFolder {
  readonly path: string;
  /** Runs one of the files to its end, and returns what it printed. */
  run(file: string, env?: Record<string, string>): string;
  /** The same with arguments, while this process goes on. */
  runBeside(words: readonly string[], env: Record<string, string>): Promise<string>;
  /** Starts one of the files, and returns its address once it listens. */
  serve(file: string, env?: Record<string, string>): Promise<string>;
  /** Stops what was started, and removes the folder. */
  remove(): Promise<void>;
}

export async function writeFiles(page: string): Promise<RecipeFolder> {
  // Inside the project, where the packages that the files import are found.
  const path = await mkdtemp(fileURLToPath(new URL('test/docs/.recipe-', ROOT)));
  for (const [file, code] of await filesOf(page)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), code);
  }
  const servers: ChildProcess[] = [];
  return {
    path,
    run(file, env = {}) {
      const options = { cwd: path, env: { ...process.env, ...env }, encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [...PRELOAD, file], options);
      if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
      return stdout;
    },
    async runBeside(words, env) {
      const options = { cwd: path, env: { ...process.env, ...env } };
      const { stdout } = await execFileAsync(process.execPath, [...PRELOAD, ...words], options);
      return stdout;
    },
    async serve(file, env = {}) {
      const port = String(await freePort());
      const child = spawn(process.execPath, [...PRELOAD, file], {
        cwd: path,
        env: { ...process.env, ...env, PORT: port },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      servers.push(child);
      const origin = `http://localhost:${port}`;
      await untilAnswered(origin, child);
      return origin;
    },
    async remove() {
      for (const child of servers) {
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      await rm(path, { recursive: true });
    },
  };
}
