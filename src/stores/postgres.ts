import { dialectOf } from './sql/dialect.ts';
import { listenPush } from './sql/listen.ts';
import { expectPool, type PostgresPool } from './sql/postgres-client.ts';
import { postgresEngine } from './sql/postgres-engine.ts';
import { DEFAULT_SCHEMA, migrationSql as sqlOf } from './sql/schema.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type {
  PostgresClient,
  PostgresPool,
  PostgresPoolClient,
  PostgresQuery,
  PostgresResult,
} from './sql/postgres-client.ts';
export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** Options of a store in PostgreSQL. */
export interface PostgresStoreOptions extends SqlStoreOptions {
  /**
   * Whether frequent statements are prepared, once per connection. Pass `false` for a pooler in
   * transaction mode that does not track prepared statements. Default `true`.
   */
  readonly prepare?: boolean;
  /**
   * Whether caches are notified of changes by LISTEN, for which a cache keeps one connection. Pass `false`
   * for every pooler in transaction mode: caches then read changes when they renew their lease. Default
   * `true`.
   */
  readonly listen?: boolean;
  /** The schema of the tables; `migrate()` creates it. Default `keywright`. */
  readonly schema?: string;
}

/**
 * A store in PostgreSQL 14 or later, over a `Pool` of `pg`.
 *
 * Set `connectionTimeoutMillis` on the pool, so that changes fail instead of waiting if there is no
 * connection. A cache that listens for changes keeps one connection of the pool for itself.
 *
 * @throws KeywrightError `invalid_argument` if `pool` is not a pool of pg
 *
 * @example
 * ```ts
 * const store = postgresStore(new Pool({ connectionString: process.env.DATABASE_URL }));
 * await store.migrate();
 * ```
 */
export function postgresStore(
  pool: PostgresPool,
  { prepare = true, listen = true, schema = DEFAULT_SCHEMA, ...options }: PostgresStoreOptions = {},
): SqlStore {
  expectPool(pool);
  const feed = listen ? listenPush(() => pool.connect()) : {};
  const engine = postgresEngine(pool, dialectOf('postgres', schema), prepare);
  return sqlStore({ ...engine, feed }, options);
}

/** Returns the SQL that `migrate()` runs, for your own migration tool. Running it again changes nothing. */
export function migrationSql(schema = DEFAULT_SCHEMA): string {
  return sqlOf('postgres', schema);
}
