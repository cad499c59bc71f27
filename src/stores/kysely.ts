import { type Kysely, MysqlAdapter, PostgresAdapter, SqliteAdapter } from 'kysely';
import { invalid } from '../errors.ts';
import { batchEngine, type RunBatch } from './sql/batch-engine.ts';
import { dialectOf, type Family } from './sql/dialect.ts';
import { kyselyEngine } from './sql/kysely-engine.ts';
import { schemaFor, migrationSql as sqlOf } from './sql/schema.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';
import { wrongClient } from './wrong-client.ts';

export type { BatchStatement, RunBatch } from './sql/batch-engine.ts';
export type { Family } from './sql/dialect.ts';
export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** Options of a store over Kysely. */
export interface KyselyStoreOptions extends SqlStoreOptions {
  /**
   * The SQL family of the database. Default: that of the adapter of its Kysely dialect. Required for a
   * dialect whose adapter is its own.
   */
  readonly dialect?: Family;
  /** The PostgreSQL schema of the tables; `migrate()` creates it. Default `keywright`. */
  readonly schema?: string;
  /** The MySQL database of the tables. Required for MySQL. */
  readonly database?: string;
  /**
   * For a SQLite database that cannot hold a transaction open, such as Cloudflare D1. Runs statements in
   * order: all of them or, if one fails, none. Such a store cannot be cached.
   */
  readonly batch?: RunBatch;
}

/**
 * A store in any database of the PostgreSQL, MySQL or SQLite family that Kysely has a dialect for. If
 * there is an entry for the client itself, such as `keywright/postgres`, use that: it needs fewer round
 * trips.
 *
 * To join a transaction, pass the `Transaction` of Kysely.
 *
 * @example
 * ```ts
 * const db = new Kysely<unknown>({ dialect: new LibsqlDialect({ url: 'file:keys.db' }) });
 * const store = kyselyStore(db);
 * await store.migrate();
 * ```
 * @throws KeywrightError `invalid_argument` if `db` is not a Kysely, the family of its dialect is unknown,
 * or `database` is missing for MySQL
 */
export function kyselyStore<Database>(
  db: Kysely<Database>,
  { dialect, schema, database, batch, ...options }: KyselyStoreOptions = {},
): SqlStore {
  if (typeof (db as unknown) !== 'object' || db === null || !('getExecutor' in db)) {
    throw wrongClient('db', 'an instance of Kysely', db);
  }
  const family = dialect ?? familyOf(db);
  const plain = db as Kysely<unknown>;
  const resolved = dialectOf(family, schemaFor(family, schema ?? database));
  if (batch === undefined) return sqlStore(kyselyEngine(plain, resolved), options);
  if (family !== 'sqlite') throw invalid('batch', 'is only for databases of the SQLite family');
  return sqlStore(batchEngine(plain, resolved, batch), options);
}

/**
 * Returns the SQL that `migrate()` runs, for your own migration tool. Running it again changes nothing.
 *
 * @param schema the PostgreSQL schema (default `keywright`), or the MySQL database (required)
 */
export function migrationSql(dialect: Family, schema?: string): string {
  return sqlOf(dialect, schemaFor(dialect, schema));
}

function familyOf<Database>(db: Kysely<Database>): Family {
  const { adapter } = db.getExecutor();
  if (adapter instanceof PostgresAdapter) return 'postgres';
  if (adapter instanceof MysqlAdapter) return 'mysql';
  if (adapter instanceof SqliteAdapter) return 'sqlite';
  throw invalid('dialect', 'is required for this dialect of Kysely: postgres, mysql or sqlite');
}
