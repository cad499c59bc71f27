import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const sh = promisify(execFile);

/** A line that the demo prints, and the status that it says will come of it. */
export interface Line {
  readonly says: string;
  readonly curl: string;
  readonly status: number;
}

/** The demo as a process of its own. */
export interface Demo {
  /** What it printed at its start. */
  readonly output: string;
  /** Such as `http://127.0.0.1:34567`. */
  readonly base: string;
  /** The sign-in link. */
  readonly link: string;
  readonly lines: readonly Line[];
  /** The line that says so. */
  line(says: string): Line;
  /** Fails unless it ends by itself, without an error. */
  stop(): Promise<void>;
}

/** Starts the demo as `npm run demo` does, on the keys that the environment names. */
export async function startDemo(where: Readonly<Record<string, string>>): Promise<Demo> {
  const demo = spawnDemo(where, 'inherit');
  const output = await outputOf(demo.stdout as Readable);
  const lines = linesIn(output);
  return {
    output,
    base: /http:\/\/[\d.:]+/.exec(output)?.[0] as string,
    link: /http:\S+\?ticket=\S+/.exec(output)?.[0] as string,
    lines,
    line: (says) => lines.find((line) => line.says === says) as Line,
    async stop() {
      demo.kill();
      const [code] = await once(demo, 'exit');
      expect(code).toBe(0);
    },
  };
}

/** Starts the demo with an environment that it refuses: its exit code, and what it says. */
export async function failedStart(where: Readonly<Record<string, string>>) {
  const demo = spawnDemo(where, 'pipe');
  let errors = '';
  demo.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = await once(demo, 'close');
  return { code: code as number, errors };
}

function spawnDemo(where: Readonly<Record<string, string>>, stderr: 'inherit' | 'pipe') {
  const preload = new URL('test/docs/resolve-keywright.ts', ROOT).href;
  const { DATABASE_URL: _, ...env } = process.env;
  return spawn(process.execPath, ['--import', preload, 'docs/examples/proon/main.ts'], {
    cwd: ROOT,
    env: { ...env, PORT: '0', ...where },
    stdio: ['ignore', 'pipe', stderr],
  });
}

/** What it prints, up to its last line. */
async function outputOf(stdout: Readable): Promise<string> {
  let output = '';
  for await (const text of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    output += text;
    if (output.includes('/activity\n')) return output;
  }
  throw new Error(`the demo ended early; it printed: ${output}`);
}

function linesIn(output: string): Line[] {
  return [...output.matchAll(/^# (.+): (\d{3})\n(curl .+)$/gm)].map(([, says, status, curl]) => ({
    says: says as string,
    curl: curl as string,
    status: Number(status),
  }));
}

/** Runs a line as it was printed, in a shell, and parts the answer. */
export async function answerTo({ curl }: Line) {
  const { stdout } = await sh('sh', ['-c', `${curl} -s`]);
  const [head = '', ...body] = stdout.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: body.join('\r\n\r\n') };
}
