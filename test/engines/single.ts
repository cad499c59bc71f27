import { setTimeout as pause } from 'node:timers/promises';
import type { KeyStore } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import { postgresStore } from 'keywright/postgres';
import { redisStore } from 'keywright/redis';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { createClient } from 'redis';
import {
  type MortalName,
  type MortalServer,
  mortalServer,
} from '../faults/restart/mortal-server.ts';
import { withClient } from '../servers/postgres.ts';
import { check } from './checker.ts';
import { faultRun } from './setup.ts';

/** For how long a killed server is down. */
const DOWN_MS = 500;

interface System {
  readonly name: MortalName;
  readonly engine: string;
  readonly settings: readonly string[];
  open(address: string, resources: AsyncDisposableStack): ReturnType<typeof openRedis>;
  /** Cuts all connections but its own. */
  cut(address: string): Promise<void>;
}

async function openPostgres(connectionString: string, resources: AsyncDisposableStack) {
  const pool = new pg.Pool({ connectionString });
  pool.on('error', () => {});
  resources.defer(() => pool.end());
  const store = postgresStore(pool);
  return { store, migrate: () => store.migrate() };
}

async function openMariadb(address: string, resources: AsyncDisposableStack) {
  const pool = mysql.createPool(address);
  resources.defer(() => pool.end().catch(() => {}));
  const store = mysqlStore(pool);
  return { store, migrate: () => store.migrate() };
}

async function openRedis(url: string, resources: AsyncDisposableStack) {
  const client = createClient({ url, disableOfflineQueue: true });
  client.on('error', () => {});
  await client.connect();
  resources.defer(() => client.destroy());
  const store: KeyStore = redisStore(client);
  return { store, migrate: async () => {} };
}

const SYSTEMS: readonly System[] = [
  {
    ...{ name: 'postgres', engine: 'PostgreSQL', settings: ['synchronous_commit=on'] },
    open: openPostgres,
    cut: (address) =>
      withClient(address, (client) =>
        client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
        ),
      ),
  },
  {
    ...{ name: 'mariadb', engine: 'MariaDB', settings: [] },
    open: openMariadb,
    async cut(address) {
      const connection = await mysql.createConnection(address);
      const [rows] = await connection.query('show processlist');
      for (const { Id, User } of rows as { Id: number; User: string }[]) {
        // One may have ended by itself meanwhile.
        if (User === 'keywright' && Id !== connection.threadId) {
          await connection.query(`kill ${Id}`).catch(() => {});
        }
      }
      await connection.end();
    },
  },
  {
    ...{ name: 'redis', engine: 'Redis, AOF always' },
    settings: ['--appendonly', 'yes', '--appendfsync', 'always'],
    open: openRedis,
    async cut(url) {
      const client = await createClient({ url }).connect();
      await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
      client.destroy();
    },
  },
];

async function run(system: System, fault: (server: MortalServer) => Promise<void>) {
  await using resources = new AsyncDisposableStack();
  const server = resources.use(await mortalServer(system.name, system.settings));
  const writing = await system.open(server.address, resources);
  await writing.migrate();
  const reading = await system.open(server.address, resources);
  const stores = { writer: writing.store, reader: reading.store };
  return await check({ ...stores, fault: () => fault(server) });
}

async function crash(server: MortalServer): Promise<void> {
  await server.kill();
  await pause(DOWN_MS);
  await server.start();
}

export const figures = SYSTEMS.flatMap((system) => {
  const { name, engine } = system;
  const options = (fault: string) => ({ engine: `${engine}, one server`, fault, isNightly: true });
  return [
    faultRun(`${name}.single.crash`, options('SIGKILL, then a restart'), () => run(system, crash)),
    faultRun(`${name}.single.connections`, options('all connections cut'), () =>
      run(system, ({ address }) => system.cut(address)),
    ),
  ];
});
