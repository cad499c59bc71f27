import type { KeyStore } from 'keywright';

/** A store that is open, and how to close what it stands on. */
export interface OpenStore {
  readonly store: KeyStore;
  /** Where the keys are, for people; without a password. */
  readonly place: string;
  close(): Promise<void>;
}

/**
 * Opens the store that the address names: PostgreSQL, MySQL or MariaDB, Redis; without an address, a
 * SQLite file through `node:sqlite`, for which nothing has to be installed.
 */
export async function openStore(url: URL | undefined): Promise<OpenStore> {
  if (url === undefined) return sqlite(process.env.PROON_FILE ?? 'proon.db');
  const { protocol, host, href } = url;
  const place = `${protocol}//${host}`;
  const open = protocol.startsWith('postgres') ? postgres : protocol === 'redis:' ? redis : mysql;
  try {
    return await open(href, place);
  } catch (cause) {
    const { code, cause: inner } = cause as NodeJS.ErrnoException;
    const reason = (inner as NodeJS.ErrnoException | undefined)?.code ?? code ?? 'see below';
    throw new Error(`The database at ${place} that DATABASE_URL names cannot be used: ${reason}`, {
      cause,
    });
  }
}

async function sqlite(file: string): Promise<OpenStore> {
  const { DatabaseSync } = await import('node:sqlite');
  const { sqliteStore } = await import('keywright/sqlite');
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal');
  const store = sqliteStore(database);
  await store.migrate();
  return { store, place: file, close: async () => database.close() };
}

async function postgres(url: string, place: string): Promise<OpenStore> {
  const { default: pg } = await import('pg');
  const { postgresStore } = await import('keywright/postgres');
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 2000 });
  pool.on('error', report);
  const store = postgresStore(pool);
  await store.migrate();
  return { store, place, close: () => pool.end() };
}

async function mysql(url: string, place: string): Promise<OpenStore> {
  const { createPool } = await import('mysql2/promise');
  const { mysqlStore } = await import('keywright/mysql');
  const pool = createPool(url.replace(/^mariadb:/, 'mysql:'));
  const store = mysqlStore(pool);
  await store.migrate();
  return { store, place, close: () => pool.end() };
}

async function redis(url: string, place: string): Promise<OpenStore> {
  const { createClient } = await import('redis');
  const { redisStore } = await import('keywright/redis');
  const client = await createClient({ url, disableOfflineQueue: true }).connect();
  client.on('error', report);
  return { store: redisStore(client), place, close: () => client.close() };
}

/** An idle connection that is lost would end the process if nobody listened. */
function report(error: Error): void {
  console.error(`The database: ${error.message}`);
}
