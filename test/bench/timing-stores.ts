import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyStore, memoryStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import { redisStore } from 'keywright/redis';
import { sqliteStore } from 'keywright/sqlite';
import pg from 'pg';
import { createClient } from 'redis';
import { startPostgres } from '../servers/postgres.ts';
import { startRedis } from '../servers/redis.ts';

type Work<Result> = (store: KeyStore) => Promise<Result>;

/** A store of each kind, for as long as `work` takes. */
export const stores = {
  memory: <Result>(work: Work<Result>) => work(memoryStore()),

  async postgres<Result>(work: Work<Result>) {
    const server = await startPostgres();
    if (server === undefined) throw new Error('PostgreSQL is not installed');
    const pool = new pg.Pool({ connectionString: await server.database(), max: 16 });
    try {
      const store = postgresStore(pool);
      await store.migrate();
      return await work(store);
    } finally {
      await pool.end();
      await server.stop();
    }
  },

  async sqlite<Result>(work: Work<Result>) {
    const { default: Database } = await import('better-sqlite3');
    const folder = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
    const database = new Database(join(folder, 'keys.db'));
    try {
      database.exec('pragma journal_mode = wal; pragma synchronous = off');
      const store = sqliteStore(database);
      await store.migrate();
      return await work(store);
    } finally {
      database.close();
      rmSync(folder, { recursive: true });
    }
  },

  async redis<Result>(work: Work<Result>) {
    const server = await startRedis();
    if (server === undefined) throw new Error('Redis is not installed');
    const client = await createClient({ url: server.url }).connect();
    try {
      return await work(redisStore(client));
    } finally {
      client.destroy();
      await server.stop();
    }
  },
};
