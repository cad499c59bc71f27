import { DatabaseSync } from 'node:sqlite';
import type { ApiKeys } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import { postgresStore } from 'keywright/postgres';
import { redisStore } from 'keywright/redis';
import { sqliteStore } from 'keywright/sqlite';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';
import { createClient } from 'redis';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';
import { exactly, type Figure, type Measurement } from './figure.ts';
import { drawTokens, makeKeys, quietService } from './store-rates.ts';

const VERIFICATIONS = 200;

/** What reached the engine. */
interface Work {
  readonly reads: number;
  readonly writes: number;
}

/**
 * Statements a verification, half of them of tokens that are unknown. One after the other, so that
 * none can share what another has asked for.
 *
 * @param work the counts so far
 */
async function countOver(
  keys: ApiKeys<'live' | 'test'>,
  work: () => Promise<Work> | Work,
): Promise<Measurement> {
  const known = await makeKeys(keys, VERIFICATIONS / 2);
  const tokens = [...known, ...drawTokens(VERIFICATIONS / 2)];
  await keys.verify(tokens[0] ?? ''); // what is prepared once is no part of it
  const before = await work();
  for (const token of tokens) await keys.verify(token);
  const after = await work();
  const writes = after.writes - before.writes;
  if (writes > 0) throw new Error(`${writes} writes in ${tokens.length} verifications`);
  return { value: (after.reads - before.reads) / tokens.length };
}

/** Reads and writes among statements that went through the driver. */
class Heard implements Work {
  reads = 0;
  writes = 0;

  hear(sql: string): void {
    if (/^\s*select/i.test(sql)) this.reads++;
    else this.writes++;
  }
}

async function onPostgres(): Promise<Measurement> {
  const server = await startPostgres();
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const heard = new Heard();
  class Client extends pg.Client {
    override query(...given: unknown[]): never {
      const [query] = given as [string | pg.QueryConfig];
      heard.hear(typeof query === 'string' ? query : query.text);
      return (super.query as (...given: unknown[]) => never).apply(this, given);
    }
  }
  const pool = new pg.Pool({ connectionString: await server.database(), Client });
  try {
    const store = postgresStore(pool);
    await store.migrate();
    return await countOver(quietService(store), () => ({ ...heard }));
  } finally {
    await pool.end();
    await server.stop();
  }
}

async function onSqlite(): Promise<Measurement> {
  const database = new DatabaseSync(':memory:');
  const heard = new Heard();
  const store = sqliteStore({
    exec(sql) {
      heard.hear(sql);
      return database.exec(sql);
    },
    prepare(sql) {
      const statement = database.prepare(sql);
      const run = <Result>(work: () => Result): Result => {
        heard.hear(sql);
        return work();
      };
      return {
        get: (...given) => run(() => statement.get(...given)),
        all: (...given) => run(() => statement.all(...given)),
        run: (...given) => run(() => statement.run(...given)),
        columns: () => statement.columns(),
      };
    },
    get isTransaction() {
      return database.isTransaction;
    },
  });
  await store.migrate();
  return countOver(quietService(store), () => ({ ...heard }));
}

async function onMariadb(): Promise<Measurement> {
  const server = await startMariadb();
  if (server === undefined) throw new Error('MariaDB is not installed');
  const uri = await server.database();
  const [pool, watch] = [createPool({ uri, connectionLimit: 1 }), createPool(uri)];
  try {
    const store = mysqlStore(pool);
    await store.migrate();
    return await countOver(quietService(store), async () => {
      const [rows] = await watch.query<RowDataPacket[]>(
        `select variable_name as name, cast(variable_value as signed) as calls
         from information_schema.global_status
         where variable_name in ('COM_SELECT', 'COM_INSERT', 'COM_UPDATE', 'COM_DELETE', 'COM_BEGIN')`,
      );
      const calls = rows.map((row) => [row.name as string, Number(row.calls)] as const);
      const { COM_SELECT = 0, ...writes } = Object.fromEntries(calls);
      asked++;
      return {
        reads: COM_SELECT - asked,
        writes: Object.values(writes).reduce((sum, each) => sum + each, 0),
      };
    });
  } finally {
    await Promise.all([pool.end(), watch.end()]);
    await server.stop();
  }
}

/** Reads of the status, which are reads themselves. */
let asked = 0;

async function onRedis(): Promise<Measurement> {
  const server = await startRedis();
  if (server === undefined) throw new Error('Redis is not installed');
  const client = await createClient({ url: server.url }).connect();
  try {
    return await countOver(quietService(redisStore(client)), async () => {
      const stats = await client.info('commandstats');
      const calls = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
      const work = { reads: 0, writes: 0 };
      for (const [, name = '', count] of calls) {
        if (name === 'hmget') work.reads += Number(count);
        else if (name !== 'info') work.writes += Number(count);
      }
      return work;
    });
  } finally {
    client.destroy();
    await server.stop();
  }
}

const ENGINES = { postgres: onPostgres, sqlite: onSqlite, mariadb: onMariadb, redis: onRedis };

export const figures: readonly Figure[] = Object.entries(ENGINES).map(([name, measure]) => ({
  id: `statements.${name}`,
  title: 'statements of a verification: reads, where a single write fails the figure',
  unit: '',
  bar: exactly(1),
  measure,
}));
