import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  accountOf,
  type Daemon,
  findProgram,
  folderOf,
  freePort,
  prepare,
  startDaemon,
} from './daemon.ts';

export interface PostgresServer extends Daemon {
  /** A new, empty database. */
  database(): Promise<string>;
  /** The address of a database. */
  url(database: string): string;
}

export interface PostgresOptions {
  /** Whether a commit reaches the disk. Default `false`: what a test writes need not. */
  readonly durable?: boolean;
  /** Where the data is, which then outlives the server; made if need be. Default: goes with it. */
  readonly data?: string;
  /** Default: one that is free. */
  readonly port?: number;
  /** Further settings, each as `name=value`. */
  readonly settings?: readonly string[];
}

/** Debian keeps the programs of each version out of the way. */
export const POSTGRES_FOLDERS = globSync('/usr/lib/postgresql/*/bin').sort().reverse();

export function postgresProgram(): string | undefined {
  return findProgram('postgres', POSTGRES_FOLDERS);
}

/** Starts a server on the loopback interface; `undefined` where none is installed. */
export async function startPostgres(
  options: PostgresOptions = {},
): Promise<PostgresServer | undefined> {
  const program = postgresProgram();
  const initdb = findProgram('initdb', POSTGRES_FOLDERS);
  if (program === undefined || initdb === undefined) return undefined;
  const account = accountOf('postgres');
  const folder = await folderOf('postgres', account);
  const data = options.data ?? join(folder, 'data');
  const port = options.port ?? (await freePort());
  if (!existsSync(join(data, 'PG_VERSION'))) {
    prepare(
      initdb,
      ['-D', data, '-U', 'keywright', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
      account,
    );
  }
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    `fsync=${options.durable ? 'on' : 'off'}`,
    'max_connections=200',
    ...(options.settings ?? []),
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const url = (database: string) => `postgres://keywright@127.0.0.1:${port}/${database}`;
  const execute = (sql: string) => withClient(url('postgres'), (client) => client.query(sql));
  const daemon = await startDaemon(program, args, {
    ...{ folder, port, account },
    answers: async () => {
      await execute('select 1');
    },
  });
  let databases = 0;
  return {
    ...daemon,
    async stop(signal) {
      if (signal !== undefined) return daemon.stop(signal);
      // SIGTERM waits for clients to leave, as a pool that has ended still does; SIGINT sends them away.
      const hurry = setTimeout(() => daemon.stop('SIGINT').catch(() => {}), 3000);
      await daemon.stop('SIGTERM');
      clearTimeout(hurry);
    },
    url,
    async database() {
      const name = `keywright_${++databases}`;
      await execute(`create database ${name}`);
      return url(name);
    },
  };
}

/** Does the work on a connection of its own, which is closed after it. */
export async function withClient(
  url: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // what it does then rejects
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
