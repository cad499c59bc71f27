import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KeyStore } from 'keywright';
import { usageError } from './errors.ts';

/** A store that may have tables to migrate. */
export type MigratableStore = KeyStore & { migrate?(): Promise<void> };

/** An open store and its client. */
export interface Database {
  readonly store: MigratableStore;
  /** The address of the database, without user and password. */
  readonly place: string;
  /** The database server's own time in epoch milliseconds; absent if there is no server. */
  serverTime?(): Promise<number>;
  close(): Promise<void>;
}

/** How to open a database. */
export interface OpenOptions {
  /** The folder from which file names and installed drivers are resolved. */
  readonly base: string;
  /** Whether to create a missing SQLite file. */
  readonly create: boolean;
}

const CONNECT_TIMEOUT_MS = 5000;
const SQLITE = 'sqlite:';

/**
 * Opens the store at an address.
 *
 * @throws CliError for an unknown kind of address, a missing driver or a missing file
 */
export async function openDatabase(address: string, options: OpenOptions): Promise<Database> {
  if (address.startsWith(SQLITE)) return openSqlite(address.slice(SQLITE.length), options);
  if (!URL.canParse(address)) throw unknownAddress();
  const { protocol, host, pathname } = new URL(address);
  const place = `${protocol}//${host}${pathname}`;
  switch (protocol) {
    case 'postgres:':
    case 'postgresql:':
      return openPostgres(address, place, options.base);
    case 'mysql:':
    case 'mariadb:':
      return openMysql(address.replace(/^mariadb:/, 'mysql:'), place, options.base);
    case 'redis:':
    case 'rediss:':
      return openRedis(address, place, options.base);
    default:
      throw unknownAddress();
  }
}

/** The message does not repeat the address, which may contain a password. */
function unknownAddress() {
  return usageError(
    'The database address must begin with postgres:, mysql:, mariadb:, redis:, rediss: or sqlite:',
  );
}

async function openSqlite(name: string, { base, create }: OpenOptions): Promise<Database> {
  const file = resolve(base, name);
  if (!create && !existsSync(file)) {
    throw usageError(`There is no database ${file}: run "keywright migrate" to create it`);
  }
  const { DatabaseSync } = await import('node:sqlite');
  const { sqliteStore } = await import('keywright/sqlite');
  const database = new DatabaseSync(file, { timeout: CONNECT_TIMEOUT_MS });
  return { store: sqliteStore(database), place: file, close: async () => database.close() };
}

async function openPostgres(address: string, place: string, base: string): Promise<Database> {
  const pg = await driver<typeof import('pg')>('pg', base);
  const { postgresStore } = await import('keywright/postgres');
  const pool = new pg.Pool({
    connectionString: address,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  pool.on('error', ignoreIdleLoss);
  return {
    store: postgresStore(pool),
    place,
    async serverTime() {
      const { rows } = await pool.query(
        'select extract(epoch from clock_timestamp()) * 1000 as ms',
      );
      return Number(rows[0].ms);
    },
    close: () => pool.end(),
  };
}

async function openMysql(address: string, place: string, base: string): Promise<Database> {
  const mysql = await driver<typeof import('mysql2/promise')>('mysql2/promise', base);
  const { mysqlStore } = await import('keywright/mysql');
  const pool = mysql.createPool({ uri: address, connectTimeout: CONNECT_TIMEOUT_MS });
  return {
    store: mysqlStore(pool),
    place,
    async serverTime() {
      const [rows] = await pool.query('select unix_timestamp(now(3)) * 1000 as ms');
      return Number((rows as { ms: string }[])[0]?.ms);
    },
    close: () => pool.end(),
  };
}

async function openRedis(address: string, place: string, base: string): Promise<Database> {
  const { createClient } = await driver<typeof import('redis')>('redis', base);
  const { redisStore } = await import('keywright/redis');
  const client = createClient({
    url: address,
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
  });
  client.on('error', ignoreIdleLoss);
  await client.connect();
  return {
    store: redisStore(client),
    place,
    async serverTime() {
      const [seconds, micros] = (await client.sendCommand(['TIME'])) as unknown as string[];
      return Number(seconds) * 1000 + Number(micros) / 1000;
    },
    close: () => client.close(),
  };
}

/** Without a listener, a lost connection would end the process. The next statement reports it. */
function ignoreIdleLoss(): void {}

/** Loads a driver from the project, or one that is installed next to the command line. */
async function driver<Driver>(name: string, base: string): Promise<Driver> {
  for (const from of [resolve(base, 'package.json'), import.meta.url]) {
    let path: string;
    try {
      path = createRequire(from).resolve(name);
    } catch {
      continue;
    }
    const { default: loaded } = (await import(pathToFileURL(path).href)) as { default: Driver };
    return loaded;
  }
  const [packageName] = name.split('/');
  throw usageError(`${packageName} is not installed: run "npm install ${packageName}"`);
}
