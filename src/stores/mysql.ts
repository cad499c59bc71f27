import { invalid } from '../errors.ts';
import { dialectOf } from './sql/dialect.ts';
import { databaseOf, type MysqlPool, type MysqlPromisePool, poolOf } from './sql/mysql-client.ts';
import { mysqlEngine } from './sql/mysql-engine.ts';
import { migrationSql as sqlOf } from './sql/schema.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type {
  MysqlCallback,
  MysqlConnection,
  MysqlError,
  MysqlPool,
  MysqlPoolConnection,
  MysqlPromisePool,
  MysqlQuery,
  MysqlValue,
} from './sql/mysql-client.ts';
export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** Options of a store in MySQL or MariaDB. */
export interface MysqlStoreOptions extends SqlStoreOptions {
  /**
   * Whether statements are prepared, once per connection. Pass `false` for a proxy without prepared
   * statements. Default `true`.
   */
  readonly prepare?: boolean;
  /**
   * The database of the tables. Every statement names it, so a connection that was left in another
   * database reads the same keys. Default: the database that the pool connects to.
   */
  readonly database?: string;
}

/**
 * A store in MySQL 8 or MariaDB 10.6 and later, over a pool of mysql2, with callbacks or promises.
 * Its connections must have the character set `utf8mb4`, which is mysql2's default.
 *
 * To join a transaction, pass the connection of the pool on which it was begun.
 *
 * @throws KeywrightError `invalid_argument` if `pool` is not a pool of mysql2, or neither the pool nor
 * `database` names a database
 *
 * @example
 * ```ts
 * const store = mysqlStore(createPool(process.env.DATABASE_URL));
 * await store.migrate();
 * ```
 */
export function mysqlStore(
  pool: MysqlPool | MysqlPromisePool,
  { prepare = true, database, ...options }: MysqlStoreOptions = {},
): SqlStore {
  const plain = poolOf(pool);
  const schema = database ?? databaseOf(plain);
  if (schema === undefined) {
    throw invalid('database', 'must name the database of the tables, because the pool names none');
  }
  return sqlStore(mysqlEngine(plain, dialectOf('mysql', schema), prepare), options);
}

/**
 * Returns the SQL that `migrate()` runs, for your own migration tool. Running it again changes nothing.
 *
 * @param database the database of the tables
 */
export function migrationSql(database: string): string {
  return sqlOf('mysql', database);
}
