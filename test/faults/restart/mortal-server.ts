import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountOf, folderOf, freePort } from '../../servers/daemon.ts';
import { startMariadb } from '../../servers/mariadb.ts';
import { startPostgres } from '../../servers/postgres.ts';
import { present } from '../engines.ts';

/** A server that is killed and started again on the same data and port. */
export interface MortalServer extends AsyncDisposable {
  readonly address: string;
  /** Kills all its processes at once, as where the machine goes down. */
  kill(): Promise<void>;
  /** Resolves when it answers again. */
  start(): Promise<void>;
}

const SYSTEMS = {
  postgres: { account: 'postgres', startServer: startPostgres },
  mariadb: { account: 'mysql', startServer: startMariadb },
};

export type MortalName = keyof typeof SYSTEMS;

/** @throws Error where it is not installed */
export async function mortalServer(name: MortalName): Promise<MortalServer> {
  const { account, startServer } = SYSTEMS[name];
  const data = join(await folderOf(`${name}-data`, accountOf(account)), 'data');
  const port = await freePort();
  const started = async () => present(await startServer({ data, port, durable: true }), name);
  let server = await started();
  const address = await server.database();
  return {
    address,
    async kill() {
      const children = childrenOf(server.pid);
      const stopped = server.stop('SIGKILL');
      for (const pid of children) end(pid);
      await stopped;
    },
    async start() {
      server = await started();
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** The processes that the server has made of itself. Those of other systems end with it. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {} // it has ended by itself, as its parent was gone
}
