import { DatabaseSync } from 'node:sqlite';
import type { KeyStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import { sqliteStore } from 'keywright/sqlite';
import pg from 'pg';
import { postgresProgram, startPostgres } from '../../servers/postgres.ts';

/** A store that is open, and how to close what it stands on. */
export interface OpenStore {
  readonly store: KeyStore;
  close(): Promise<void>;
}

/** The stores that the dashboard is tried on, by name, where they are installed. */
export const STORES: readonly (readonly [string, () => Promise<OpenStore>])[] = [
  ['SQLite', openSqlite],
  ...(postgresProgram() === undefined ? [] : [['PostgreSQL', openPostgres] as const]),
];

async function openSqlite(): Promise<OpenStore> {
  const database = new DatabaseSync(':memory:');
  const store = sqliteStore(database);
  await store.migrate();
  return { store, close: async () => database.close() };
}

async function openPostgres(): Promise<OpenStore> {
  const server = await startPostgres();
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const pool = new pg.Pool({ connectionString: await server.database() });
  const store = postgresStore(pool);
  await store.migrate();
  return {
    store,
    async close() {
      await pool.end();
      await server.stop();
    },
  };
}
