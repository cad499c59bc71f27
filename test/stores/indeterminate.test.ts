import { DatabaseSync } from 'node:sqlite';
import { createApiKeys, type KeyStore } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import { postgresStore } from 'keywright/postgres';
import { redisStore } from 'keywright/redis';
import { sqliteStore } from 'keywright/sqlite';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { createClient } from 'redis';
import { afterAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { startTcpProxy, type TcpProxy } from '../servers/tcp-proxy.ts';
import { actor, failureOf, format, makeKey, newKey } from '../support.ts';

const [postgres, mariadb, redis] = [
  await startPostgres(),
  await startMariadb(),
  await startRedis(),
];
afterAll(() => Promise.all([postgres?.stop(), mariadb?.stop(), redis?.stop()]));

/** An engine, a request before the commit of a new key, and the one that commits it. */
interface Engine {
  readonly name: string;
  readonly server: { readonly port: number } | undefined;
  readonly before: string;
  readonly commit: string;
  /** A store over a client that connects to `port`, and its end. */
  open(port: number, url: string): Promise<{ store: KeyStore; close(): Promise<unknown> }>;
  database(): Promise<string>;
}

const engines: readonly Engine[] = [
  {
    name: 'PostgreSQL',
    server: postgres,
    before: 'keywright_heads',
    commit: 'keywright_events',
    database: async () => (await postgres?.database()) ?? '',
    async open(port, url) {
      const pool = new pg.Pool({ connectionString: Object.assign(new URL(url), { port }).href });
      pool.on('error', () => {});
      const store = postgresStore(pool);
      await store.migrate();
      return { store, close: () => pool.end() };
    },
  },
  {
    name: 'MariaDB',
    server: mariadb,
    before: 'keywright_events',
    commit: '\u0003commit', // COM_QUERY
    database: async () => (await mariadb?.database()) ?? '',
    async open(port, url) {
      const pool = mysql.createPool(Object.assign(new URL(url), { port }).href);
      const store = mysqlStore(pool);
      await store.migrate();
      // On a connection that was cut, mysql2 rejects the farewell too.
      return { store, close: () => pool.end().catch(() => {}) };
    },
  },
  {
    name: 'Redis',
    server: redis,
    before: 'heads',
    commit: 'key.created',
    database: async () => redis?.url ?? '',
    async open(port) {
      const client = createClient({
        url: `redis://127.0.0.1:${port}`,
        disableOfflineQueue: true,
        socket: { reconnectStrategy: false },
      });
      client.on('error', () => {});
      await client.connect();
      return { store: redisStore(client), close: async () => client.destroy() };
    },
  },
];

const serviceOn = (store: KeyStore, changeTimeoutMs?: number) =>
  createApiKeys({
    format,
    environments: ['live'],
    store,
    ...(changeTimeoutMs === undefined ? {} : { changeTimeoutMs }),
  });

describe.each(engines)('a change on $name', ({ server, before, commit, open, database }) => {
  /** Creates a key through a proxy that breaks, and looks for it past the proxy. */
  async function broken(order: (proxy: TcpProxy) => Promise<void>, changeTimeoutMs?: number) {
    const port = server?.port ?? 0;
    const url = await database();
    const direct = await open(port, url);
    const proxy = await startTcpProxy(port);
    const through = await open(proxy.port, url);
    const owner = `org_${crypto.randomUUID()}`;
    try {
      await makeKey(serviceOn(direct.store)); // Redis then knows the script of a commit
      const struck = order(proxy);
      const keys = serviceOn(through.store, changeTimeoutMs);
      const error = await failureOf(() => makeKey(keys, { owner }));
      await struck;
      const { items } = await serviceOn(direct.store).list({ owner });
      return { error, isMade: items.length === 1 };
    } finally {
      await proxy.close();
      await through.close();
      await direct.close();
    }
  }

  const failed = (indeterminate: boolean) => ({ code: 'store_unavailable', indeterminate });

  it.skipIf(server === undefined)('was not made if it was cut before its commit', async () => {
    const { error, isMade } = await broken((p) => p.strike('cut before the request', before));
    expect(error).toMatchObject({ ...failed(false), cause: expect.anything() });
    expect(isMade).toBe(false);
  });

  it.skipIf(server === undefined)('is indeterminate if its commit was cut on the way', async () => {
    const { error, isMade } = await broken((p) => p.strike('cut before the request', commit));
    expect(error).toMatchObject({ ...failed(true), cause: expect.anything() });
    expect(isMade).toBe(false);
  });

  it.skipIf(server === undefined)('is indeterminate if the answer was cut', async () => {
    const { error, isMade } = await broken((p) => p.strike('cut before the reply', commit));
    expect(error).toMatchObject({ ...failed(true), cause: expect.anything() });
    expect(isMade).toBe(true);
  });

  it.skipIf(server === undefined)('is given up on a hung server, as indeterminate', async () => {
    const { error, isMade } = await broken((p) => p.strike('hang', commit), 1000);
    expect(error).toMatchObject({ ...failed(true), message: expect.stringContaining('1000 ms') });
    expect(isMade).toBe(false);
  });
});

describe.skipIf(postgres === undefined)('a commit that no synchronous standby confirms', () => {
  it('is indeterminate, though PostgreSQL reports success', async () => {
    const url = (await postgres?.database()) ?? '';
    const plain = new pg.Pool({ connectionString: url });
    await postgresStore(plain).migrate();
    await plain.query("alter system set synchronous_standby_names = 'absent'");
    await plain.query('select pg_reload_conf()');
    const setting = async () => (await plain.query('show synchronous_standby_names')).rows;
    await expect.poll(setting).toEqual([{ synchronous_standby_names: 'absent' }]);
    const pool = new pg.Pool({ connectionString: url });
    const failed = failureOf(() => serviceOn(postgresStore(pool)).create(newKey));
    const cancel = () =>
      plain.query(
        `select pg_cancel_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event = 'SyncRep'`,
      );
    await expect.poll(async () => (await cancel()).rowCount).toBe(1);
    const error = await failed;
    expect(error).toMatchObject({ code: 'store_unavailable', indeterminate: true });
    const { items } = await serviceOn(postgresStore(plain)).list({ owner: newKey.owner });
    expect(items).toHaveLength(1);
    await plain.query('alter system reset synchronous_standby_names');
    await plain.query('select pg_reload_conf()');
    await pool.end();
    await plain.end();
  });
});

describe('a change on SQLite', () => {
  it('was not made if the connection is closed', async () => {
    const database = new DatabaseSync(':memory:');
    const store = sqliteStore(database);
    await store.migrate();
    const keys = serviceOn(store);
    const { record } = await makeKey(keys);
    database.close();
    const error = await failureOf(() => keys.revoke(record.id, { actor }));
    expect(error).toMatchObject({ code: 'store_unavailable', indeterminate: false });
  });
});
