import { dialectOf } from './sql/dialect.ts';
import type { Engine } from './sql/engine.ts';
import { inHostTransaction, notATransaction } from './sql/host-transaction.ts';
import { kyselyEngine } from './sql/kysely-engine.ts';
import {
  kyselyOver,
  type MysqlConnection,
  type MysqlPool,
  sender,
  sent,
} from './sql/mysql-client.ts';
import { migrationSql as sqlOf } from './sql/schema.ts';
import { drive } from './sql/script.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type {
  MysqlCallback,
  MysqlConnection,
  MysqlError,
  MysqlPool,
  MysqlQuery,
  MysqlValue,
} from './sql/mysql-client.ts';
export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/** A pool of `mysql2/promise`, which holds one with callbacks. */
export interface MysqlPromisePool {
  readonly pool: MysqlPool;
}

/** What can be said of a store in MySQL or MariaDB. */
export interface MysqlStoreOptions extends SqlStoreOptions {
  /**
   * Whether statements are prepared, once a connection. `false` for a proxy that cannot. Default
   * `true`.
   */
  readonly prepare?: boolean;
}

/**
 * A store in MySQL 8 or MariaDB 10.6 and later, over a pool of mysql2, with callbacks or promises.
 * Its connections must have the character set `utf8mb4`, which is mysql2's default.
 *
 * A host's transaction is a connection of the pool on which it was begun.
 *
 * @example
 * ```ts
 * const store = mysqlStore(createPool(process.env.DATABASE_URL));
 * await store.migrate();
 * ```
 */
export function mysqlStore(
  pool: MysqlPool | MysqlPromisePool,
  { prepare = true, ...options }: MysqlStoreOptions = {},
): SqlStore {
  return sqlStore(mysqlEngine('pool' in pool ? pool.pool : pool, prepare), options);
}

/** The SQL that `migrate()` runs, for those who apply their own. Running it again changes nothing. */
export function migrationSql(): string {
  return sqlOf('mysql');
}

function mysqlEngine(pool: MysqlPool, prepare: boolean): Engine {
  const dialect = dialectOf('mysql');
  const send = sender(prepare);
  return {
    ...kyselyEngine(kyselyOver(pool, send), dialect),

    async join(transaction, script) {
      const connection = connectionOf(transaction);
      if (connection === undefined) {
        throw notATransaction('must be a connection of mysql2 on which a transaction was begun');
      }
      return inHostTransaction(
        connection,
        'mysql',
        (sql) => sent(send, connection, sql),
        () => drive(script(), ({ sql, parameters }) => sent(send, connection, sql, parameters)),
      );
    },

    lookup({ sql }) {
      return async (digest) => {
        const { rows } = await sent(send, pool, sql, [digest]);
        return rows[0];
      };
    },
  };
}

/** The connection with callbacks, which one with promises holds; `undefined` for anything else. */
function connectionOf(given: unknown): MysqlConnection | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const connection = 'connection' in given ? given.connection : given;
  return isConnection(connection) ? connection : undefined;
}

function isConnection(given: unknown): given is MysqlConnection {
  // A pool runs each statement on another connection, so it has no transaction.
  const isObject = typeof given === 'object' && given !== null;
  return isObject && 'execute' in given && !('getConnection' in given);
}
