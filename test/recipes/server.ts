import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../servers/daemon.ts';
import { type Environment, packaged } from './app.ts';

/** An app that listens on the loopback. */
export interface Server {
  readonly origin: string;
  /** Ends the process, and waits until it has ended. */
  stop(): Promise<void>;
}

/** Starts a file of Node in the app's folder, and waits until it answers. */
export async function start(
  [file = '', ...args]: readonly string[],
  folder: string,
  environment: Environment,
): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, [packaged(file), ...args], {
    cwd: folder,
    env: { ...process.env, ...environment, PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const origin = `http://127.0.0.1:${port}`;
  const stop = () => end(child);
  try {
    await answering(origin, child);
  } catch (cause) {
    await stop();
    throw new Error(`${file} does not serve; it printed: ${output}`, { cause });
  }
  return { origin, stop };
}

async function answering(origin: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await fetch(origin, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  // Some wait for connections to close by themselves.
  const last = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(last);
}
