import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountOf, folderOf, freePort } from '../../servers/daemon.ts';
import { startMariadb } from '../../servers/mariadb.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { childrenOf, signalAll } from '../../servers/processes.ts';
import { startRedis } from '../../servers/redis.ts';
import { present } from '../engines.ts';

/** A server that is killed and started again on the same data and port. */
export interface MortalServer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Kills all its processes at once, as where the machine goes down. */
  kill(): Promise<void>;
  /** Resolves when it answers again. */
  start(): Promise<void>;
  /** Stops all its processes where they are, or continues them. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

/** The account of each server, and how it is started where an earlier one has ended. */
const SYSTEMS = {
  postgres: { account: 'postgres', startServer: startPostgres },
  mariadb: { account: 'mysql', startServer: startMariadb },
  redis: {
    account: undefined,
    async startServer(options: { data: string; port: number; settings: readonly string[] }) {
      mkdirSync(options.data, { recursive: true });
      const server = await startRedis(options);
      return server && { ...server, database: async () => server.url };
    },
  },
};

export type MortalName = keyof typeof SYSTEMS;

/**
 * @param settings further ones, as the server takes them
 * @throws Error where it is not installed
 */
export async function mortalServer(
  name: MortalName,
  settings: readonly string[] = [],
): Promise<MortalServer> {
  const { account, startServer } = SYSTEMS[name];
  const owner = account === undefined ? undefined : accountOf(account);
  const data = join(await folderOf(`${name}-data`, owner), 'data');
  const port = await freePort();
  const started = async () =>
    present(await startServer({ data, port, durable: true, settings }), name);
  let server = await started();
  const address = await server.database();
  return {
    address,
    port,
    async kill() {
      const children = childrenOf(server.pid);
      const stopped = server.stop('SIGKILL');
      signalAll(children, 'SIGKILL');
      await stopped;
    },
    async start() {
      server = await started();
    },
    signal(signal) {
      signalAll([server.pid, ...childrenOf(server.pid)], signal);
    },
    async [Symbol.asyncDispose]() {
      await server.stop(name === 'redis' ? 'SIGKILL' : undefined);
    },
  };
}
