import { join } from 'node:path';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { folder } from './ground.ts';

/** A database server, or a folder for files of SQLite. */
export interface Engine extends AsyncDisposable {
  /** The address of a new, empty database, for `openStore` in any process. */
  database(): Promise<string>;
}

export type EngineName = 'sqlite' | 'postgres' | 'mariadb' | 'redis';

/**
 * Starts an engine; acknowledged commits are on the disk, as in a service.
 *
 * @throws Error where it is not installed
 */
export async function startEngine(name: EngineName): Promise<Engine> {
  if (name === 'sqlite') return sqliteFolder();
  if (name === 'redis') {
    const server = present(await startRedis({ settings: ['--appendonly', 'yes'] }), name);
    let databases = 0;
    return {
      database: async () => `${server.url}/${databases++}`,
      [Symbol.asyncDispose]: () => server.stop(),
    };
  }
  const start = name === 'postgres' ? startPostgres : startMariadb;
  const server = present(await start({ durable: true }), name);
  return { database: () => server.database(), [Symbol.asyncDispose]: () => server.stop() };
}

export function present<Server>(server: Server | undefined, name: string): Server {
  if (server === undefined) throw new Error(`${name} is not installed`);
  return server;
}

function sqliteFolder(): Engine {
  const place = folder('sqlite');
  let files = 0;
  return {
    database: async () => `sqlite:${join(place, `${++files}.db`)}`,
    async [Symbol.asyncDispose]() {}, // the files go with the ground
  };
}
