import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { folder } from './ground.ts';

/** A process that a run starts, and may kill. */
export interface Worker {
  readonly pid: number;
  /** Its first message. */
  readonly greeting: unknown;
  send(message: object): void;
  /** Sends it a message, and gives the next that it sends. Rejects if it ends instead. */
  ask(message: object): Promise<unknown>;
  /** Waits until it has ended by itself, and gives what it has written to descriptor 3. */
  done(): Promise<string>;
  /** Ends it, at once with `SIGKILL`, and gives all that it has written to descriptor 3. */
  end(signal?: NodeJS.Signals): Promise<string>;
}

/**
 * Starts a program of the runs, and waits for its first message. Whatever it prints is no result, so
 * it goes to standard error.
 *
 * @param program its address
 */
export async function startWorker(program: string, args: readonly string[]): Promise<Worker> {
  const child = await spawned(program, args);
  const said = text(child.stdio[3] as Readable);
  const ended = endOf(child);
  const greeting = await answerOf(child, ended);
  return {
    pid: child.pid ?? 0,
    greeting,
    send: (message) => child.send(message),
    ask(message) {
      const answer = answerOf(child, ended);
      child.send(message);
      return answer;
    },
    async done() {
      await ended;
      return said;
    },
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
      return said;
    },
  };
}

/** Runs a program of the runs to its end, and gives its exit code, or the signal that ended it. */
export async function runWorker(
  program: string,
  args: readonly string[],
): Promise<number | NodeJS.Signals> {
  return endOf(await spawned(program, args));
}

async function spawned(program: string, args: readonly string[]): Promise<ChildProcess> {
  return spawn(process.execPath, [await bundled(program), ...args], {
    stdio: ['ignore', process.stderr, process.stderr, 'pipe', 'ipc'],
  });
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = await once(child, 'exit');
  return code ?? signal;
}

async function answerOf(child: ChildProcess, ended: Promise<unknown>): Promise<unknown> {
  const hangUp = new AbortController();
  const early = ended.then((how) => {
    throw new Error(`a process ended early with ${how}`);
  });
  early.catch(() => {}); // it ends some time, and not early if it has answered
  try {
    const [answer] = await Promise.race([once(child, 'message', hangUp), early]);
    return answer;
  } finally {
    hangUp.abort();
  }
}

const bundles = new Map<string, Promise<string>>();

/** The program as one file, with the sources of this project: it starts in a third of the time. */
function bundled(program: string): Promise<string> {
  let file = bundles.get(program);
  if (file === undefined) {
    file = bundle(fileURLToPath(program));
    bundles.set(program, file);
  }
  return file;
}

async function bundle(program: string): Promise<string> {
  const outdir = folder('program');
  await build({
    entryPoints: { program },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true, // no driver is loaded but the one that is used
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['pg-native'],
    // What CommonJS requires of Node, an ES module has no `require` for.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  });
  return join(outdir, 'program.mjs');
}
