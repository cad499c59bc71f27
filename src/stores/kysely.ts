import { type Kysely, MysqlAdapter, PostgresAdapter, SqliteAdapter } from 'kysely';
import { invalid } from '../errors.ts';
import { batchEngine, type RunBatch } from './sql/batch-engine.ts';
import { dialectOf, type Family } from './sql/dialect.ts';
import { kyselyEngine } from './sql/kysely-engine.ts';
import { migrationSql as sqlOf } from './sql/schema.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type { BatchStatement, RunBatch } from './sql/batch-engine.ts';
export type { Family } from './sql/dialect.ts';
export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** What can be said of a store over Kysely. */
export interface KyselyStoreOptions extends SqlStoreOptions {
  /**
   * Whose SQL the database speaks. Default: as the adapter of its dialect says; to be named for a
   * dialect that has an adapter of its own.
   */
  readonly dialect?: Family;
  /** The schema of PostgreSQL that the tables are in. Default: as the search path says. */
  readonly schema?: string;
  /**
   * For SQLite where a transaction cannot be held open, as Cloudflare D1: runs statements in order,
   * all of them or, if one fails, none. No cache can then stand before the store.
   */
  readonly batch?: RunBatch;
}

/**
 * A store in any database that Kysely has a dialect for, of the families of PostgreSQL, MySQL and
 * SQLite. Where there is an entry for the client itself, as `keywright/postgres`, that is faster.
 *
 * A host's transaction is a `Transaction` of Kysely.
 *
 * @example
 * ```ts
 * const db = new Kysely<unknown>({ dialect: new LibsqlDialect({ url: 'file:keys.db' }) });
 * const store = kyselyStore(db);
 * await store.migrate();
 * ```
 * @throws KeywrightError `invalid_argument` if the dialect is of no known family.
 */
export function kyselyStore<Database>(
  db: Kysely<Database>,
  { dialect, schema, batch, ...options }: KyselyStoreOptions = {},
): SqlStore {
  const family = dialect ?? familyOf(db);
  const plain = db as Kysely<unknown>;
  const spoken = dialectOf(family, schema);
  if (batch === undefined) return sqlStore(kyselyEngine(plain, spoken), options);
  if (family !== 'sqlite') throw invalid('batch', 'is for databases of the family of SQLite');
  return sqlStore(batchEngine(plain, { ...spoken, leases: false }, batch), options);
}

/** The SQL that `migrate()` runs, for those who apply their own. Running it again changes nothing. */
export function migrationSql(dialect: Family, schema?: string): string {
  return sqlOf(dialect, schema);
}

function familyOf<Database>(db: Kysely<Database>): Family {
  const { adapter } = db.getExecutor();
  if (adapter instanceof PostgresAdapter) return 'postgres';
  if (adapter instanceof MysqlAdapter) return 'mysql';
  if (adapter instanceof SqliteAdapter) return 'sqlite';
  throw invalid('dialect', 'must be named: postgres, mysql or sqlite');
}
