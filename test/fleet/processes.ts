import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { ServerOptions, ServerOrder, ServerReport } from './server.ts';

const program = fileURLToPath(new URL('./server.ts', import.meta.url));
const ANSWER_MS = 15_000;

/** A server process, and how to call it. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(options: ServerOptions): Promise<ServerProcess> {
    const child = fork(program, [JSON.stringify(options)], { execArgv: ['--no-warnings'] });
    const { port } = await reportOf(child);
    return new ServerProcess(child, port);
  }

  /** The status of a request with the token; 0 where there is no answer. */
  verify(token: string): Promise<number> {
    return new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}` };
      const options = { port: this.port, host: '127.0.0.1', headers, agent: this.#agent };
      const sent = request({ ...options, timeout: ANSWER_MS }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        answer.on('error', () => resolve(0));
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(0));
      sent.end();
    });
  }

  async order(order: ServerOrder): Promise<ServerReport> {
    const report = reportOf(this.#child);
    this.#child.send(order);
    return report;
  }

  /** Stops the process for a while, as a suspended machine would. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'exit');
    }
  }
}

async function reportOf(child: ChildProcess): Promise<ServerReport> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('a server ended');
  });
  try {
    const said = once(child, 'message', { signal });
    const [report] = (await Promise.race([said, ended])) as [ServerReport];
    return report;
  } finally {
    over.abort();
    ended.catch(() => {}); // what was given up
  }
}
