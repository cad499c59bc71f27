import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountOf, folderOf, freePort } from '../../servers/daemon.ts';
import { type PostgresServer, startPostgres } from '../../servers/postgres.ts';
import { present } from '../engines.ts';

/** A server that is killed and started again on the same data and port. */
export interface MortalPostgres extends AsyncDisposable {
  readonly address: string;
  /** Kills all its processes at once, as where the machine goes down. */
  kill(): Promise<void>;
  /** Resolves when it answers again. */
  start(): Promise<void>;
}

export async function mortalPostgres(): Promise<MortalPostgres> {
  const data = join(await folderOf('postgres-data', accountOf('postgres')), 'data');
  const port = await freePort();
  const started = () => startPostgres({ data, port, durable: true });
  let server: PostgresServer = present(await started(), 'postgres');
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
      server = present(await started(), 'postgres');
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
