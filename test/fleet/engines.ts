import { rm } from 'node:fs/promises';
import { createClient } from 'redis';
import { present, startEngine } from '../faults/engines.ts';
import { mortalServer } from '../faults/restart/mortal-server.ts';
import { folderOf, freePort } from '../servers/daemon.ts';
import { withClient } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';

/** A database that a run may hurt. */
export interface FleetEngine extends AsyncDisposable {
  readonly address: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends the connections on which processes listen for changes; returns how many. */
  endListeners(): Promise<number>;
}

/** What an engine has that a run may hurt: a server process, and push of changes. */
export type Part = 'server' | 'push';

export const ENGINES = {
  postgres: { title: 'PostgreSQL', parts: ['server', 'push'], open: openPostgres },
  redis: { title: 'Redis', parts: ['server', 'push'], open: openRedis },
  mariadb: { title: 'MariaDB', parts: ['server'], open: openMariadb },
  sqlite: { title: 'a file of SQLite', parts: [], open: openSqlite },
} as const satisfies Record<
  string,
  { title: string; parts: readonly Part[]; open: () => Promise<FleetEngine> }
>;

export type FleetEngineName = keyof typeof ENGINES;

export const ENGINE_NAMES = Object.keys(ENGINES) as readonly FleetEngineName[];

export function openEngine(name: FleetEngineName): Promise<FleetEngine> {
  return ENGINES[name].open();
}

const lacks = (part: string) => () => Promise.reject(new Error(`this engine has no ${part}`));

async function openMariadb(): Promise<FleetEngine> {
  const server = await mortalServer('mariadb');
  return {
    address: server.address,
    kill: () => server.kill(),
    start: () => server.start(),
    endListeners: lacks('push'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** One file, which processes of one machine share. */
async function openSqlite(): Promise<FleetEngine> {
  const engine = await startEngine('sqlite');
  return {
    address: await engine.database(),
    kill: lacks('server'),
    start: lacks('server'),
    endListeners: lacks('push'),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

async function openPostgres(): Promise<FleetEngine> {
  const server = await mortalServer('postgres');
  const { address } = server;
  return {
    address,
    kill: () => server.kill(),
    start: () => server.start(),
    async endListeners() {
      let ended = 0;
      await withClient(address, async (client) => {
        const { rowCount } = await client.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'",
        );
        ended = rowCount ?? 0;
      });
      return ended;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function openRedis(): Promise<FleetEngine> {
  const data = await folderOf('redis-data', undefined);
  const port = await freePort();
  const settings = ['--appendonly', 'yes', '--appendfsync', 'always'];
  const started = async () => present(await startRedis({ data, port, settings }), 'redis');
  let server = await started();
  return {
    address: `${server.url}/0`,
    kill: () => server.stop('SIGKILL'),
    async start() {
      server = await started();
    },
    async endListeners() {
      const client = createClient({ url: server.url });
      client.on('error', () => {}); // rejects the command below all the same
      await client.connect();
      try {
        return Number(await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']));
      } finally {
        client.destroy();
      }
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
