import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server of the tests' own, with a folder and a port of its own. */
export interface Daemon {
  readonly port: number;
  readonly pid: number;
  /** Ends the server as an operator would, or at once with `SIGKILL`; its folder goes with it. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** The account that a server runs under: database servers refuse to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const START_MS = 60_000;

/** The account with this name if the tests run as root, and else none: the tests' own will do. */
export function accountOf(name: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The path of a program, in the given folders or those of `PATH`; `undefined` if there is none. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const all = [...folders, ...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return all.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A new folder that belongs to the account. */
export async function folderOf(name: string, account: Account | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `keywright-${name}-`));
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  return folder;
}

/** Runs a program of the server's to its end. */
export function prepare(program: string, args: readonly string[], account?: Account): void {
  execFileSync(program, args, { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Starts a server in `folder`, and waits until `answers` resolves. */
export async function startDaemon(
  program: string,
  args: readonly string[],
  { folder, port, account, answers }: StartOptions,
): Promise<Daemon> {
  const [command = program, ...rest] = endingWithParent(program, args, account);
  const server = spawn(command, rest, { cwd: folder, stdio: 'ignore' });
  const endWithProcess = () => server.kill('SIGKILL');
  process.once('exit', endWithProcess);
  const ended = () => server.exitCode !== null || server.signalCode !== null;
  const stop: Daemon['stop'] = async (signal = 'SIGTERM') => {
    if (!ended()) {
      server.kill(signal);
      await once(server, 'exit');
    }
    process.off('exit', endWithProcess);
    // Of a server that was killed, a child may write on for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  let cause: unknown;
  for (const end = performance.now() + START_MS; ; ) {
    if (ended() || performance.now() > end) {
      await stop('SIGKILL');
      throw new Error(`${program} did not start`, { cause });
    }
    try {
      await answers();
      return { port, pid: server.pid ?? 0, stop };
    } catch (error) {
      cause = error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * The command line of a server that ends when the tests do, however they end: a runner that is
 * killed, or has no test left to run in a file, calls no hook.
 */
function endingWithParent(
  program: string,
  args: readonly string[],
  account: Account | undefined,
): string[] {
  const setpriv = findProgram('setpriv');
  if (setpriv === undefined) {
    if (account === undefined) return [program, ...args]; // not Linux, where it is of util-linux
    throw new Error('setpriv is needed to start a server from root');
  }
  const user =
    account === undefined
      ? []
      : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  return [setpriv, '--pdeathsig=KILL', ...user, program, ...args];
}

interface StartOptions {
  readonly folder: string;
  readonly port: number;
  readonly account: Account | undefined;
  answers(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
