import { type ApiKeys, createApiKeys, type KeyStore } from 'keywright';
import { kyselyStore } from 'keywright/kysely';
import { mysqlStore } from 'keywright/mysql';
import { postgresStore } from 'keywright/postgres';
import { redisStore } from 'keywright/redis';
import { Kysely } from 'kysely';
import { D1Dialect } from 'kysely-d1';
import { Miniflare } from 'miniflare';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { createClient } from 'redis';
import { afterAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { startTcpProxy } from '../servers/tcp-proxy.ts';
import { actor, format, newKey } from '../support.ts';

const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A store over one connection, and how many round trips it has taken so far. */
interface Counted {
  readonly store: KeyStore;
  trips(): number;
}

/** A proxy before a server that is ended after the tests. */
async function proxied(server: { readonly port: number; stop(): Promise<void> }) {
  const proxy = await startTcpProxy(server.port);
  ends.push(
    () => server.stop(),
    () => proxy.close(),
  );
  return proxy;
}

async function onPostgres(): Promise<Counted | undefined> {
  const server = await startPostgres();
  if (server === undefined) return undefined;
  const proxy = await proxied(server);
  const connectionString = proxy.through(await server.database());
  const pool = new pg.Pool({ connectionString, max: 1 });
  ends.push(() => pool.end());
  const store = postgresStore(pool);
  await store.migrate();
  return { store, trips: () => proxy.roundTrips };
}

async function onMariadb(): Promise<Counted | undefined> {
  const server = await startMariadb();
  if (server === undefined) return undefined;
  const proxy = await proxied(server);
  const pool = mysql.createPool({
    uri: proxy.through(await server.database()),
    connectionLimit: 1,
  });
  ends.push(() => pool.end());
  const store = mysqlStore(pool);
  await store.migrate();
  return { store, trips: () => proxy.roundTrips };
}

async function onRedis(): Promise<Counted | undefined> {
  const server = await startRedis();
  if (server === undefined) return undefined;
  const proxy = await proxied(server);
  const client = createClient({ url: proxy.through(server.url) });
  await client.connect();
  ends.push(() => client.destroy());
  return { store: redisStore(client), trips: () => proxy.roundTrips };
}

/** Each query and each batch is a request to D1. */
async function onD1(): Promise<Counted> {
  const script = 'export default { fetch: () => new Response() }';
  const options = { compatibilityDate: '2026-01-01', d1Databases: ['DB'], cf: false as const };
  const cloudflare = new Miniflare({ modules: true, script, ...options });
  ends.push(() => cloudflare.dispose());
  const database = await cloudflare.getD1Database('DB');
  let trips = 0;
  const counted = new Proxy(database, {
    get(target, name) {
      if (name === 'prepare' || name === 'batch') trips++;
      return Reflect.get(target, name).bind(target);
    },
  });
  const db = new Kysely<unknown>({ dialect: new D1Dialect({ database: counted }) });
  const store = kyselyStore(db, {
    batch: async (statements) => {
      trips++;
      return database.batch(
        statements.map(({ sql, parameters }) => database.prepare(sql).bind(...parameters)),
      );
    },
  });
  await store.migrate();
  return { store, trips: () => trips };
}

/** One read for the head of an owner that is not remembered, and one for what is changed. */
const FEW = { 'first create': 2, create: 1, verify: 1, update: 2, rotate: 2, revoke: 2 };
const MARIADB = { 'first create': 6, create: 5, verify: 1, update: 5, rotate: 6, revoke: 5 };

const engines = [
  ['PostgreSQL', await onPostgres(), FEW],
  ['MariaDB', await onMariadb(), MARIADB],
  ['Redis', await onRedis(), FEW],
  ['Cloudflare D1', await onD1(), FEW],
] as const;

/** What docs/guide/engines.md says of each operation. */
describe.each(engines)('round trips on %s', (_name, engine, expected) => {
  it.skipIf(engine === undefined)('are those of the table of engines', async () => {
    const { store, trips } = engine as Counted;
    // No flush of uses is to fall among the trips.
    const keys = createApiKeys({ format, environments: ['live'], store, usageFlushMs: 3_600_000 });
    const counts: Record<string, number> = {};
    const count = async <Result>(name: string, work: () => Promise<Result>) => {
      const before = trips();
      const result = await work();
      counts[name] = trips() - before;
      return result;
    };
    // What is prepared once is no part of it.
    for (let i = 0; i < 2; i++) await everyOperation(keys, (_, work) => work());
    await everyOperation(keys, count);
    await keys.close();
    expect(counts).toEqual(expected);
  });
});

async function everyOperation(
  keys: ApiKeys<'live' | 'test'>,
  step: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>,
): Promise<void> {
  const owner = `org_${crypto.randomUUID()}`;
  await step('first create', () => keys.create({ ...newKey, owner }));
  const { secret, record } = await step('create', () => keys.create({ ...newKey, owner }));
  await step('verify', () => keys.verify(secret.reveal()));
  await step('update', () => keys.update(record.id, { name: 'renamed' }, { actor }));
  const { record: next } = await step('rotate', () => keys.rotate(record.id, { actor }));
  await step('revoke', () => keys.revoke(next.id, { actor }));
}
