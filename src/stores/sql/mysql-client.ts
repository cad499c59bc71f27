import { Kysely, type MysqlPool as KyselysPool, MysqlDialect } from 'kysely';
import type { Result } from './script.ts';

/** What the store uses of a connection of mysql2 with callbacks. */
export interface MysqlConnection {
  query(query: MysqlQuery, values: MysqlValue[], callback: MysqlCallback): unknown;
  execute(query: MysqlQuery, values: MysqlValue[], callback: MysqlCallback): unknown;
}

/** What the store uses of a pool of mysql2 with callbacks. */
export interface MysqlPool extends MysqlConnection {
  getConnection(
    callback: (error: MysqlError, connection: MysqlConnection & { release(): void }) => void,
  ): void;
}

/** Told what became of a statement: an error, or rows or a header with counts. */
export type MysqlCallback = (error: MysqlError, result: unknown) => void;

/** Why a statement failed; `null` where it did not. */
export type MysqlError = Error | null;

/** What a statement is given for its parameters. */
export type MysqlValue = string | number | null | Uint8Array;

/** A statement as mysql2 takes it. */
export interface MysqlQuery {
  readonly sql: string;
  readonly rowsAsArray: boolean;
  readonly nestTables: boolean;
}

/** How a statement is run on a pool or a connection. */
export type Send = (
  on: MysqlConnection,
  sql: string,
  values: readonly MysqlValue[],
  callback: MysqlCallback,
) => void;

/**
 * Values go apart from the statement, in the protocol of prepared statements, unless `prepare` is
 * off: mysql2 then puts them into the text, which is right but where the server was told not to take
 * a backslash for an escape. Statements without values need no preparing, and some cannot have it.
 */
export function sender(prepare: boolean): Send {
  return (on, sql, values, callback) => {
    // Whatever shape of rows the host has set for its own statements.
    const query = { sql, rowsAsArray: false, nestTables: false };
    if (prepare && values.length > 0) on.execute(query, [...values], callback);
    else on.query(query, [...values], callback);
  };
}

export function sent(
  send: Send,
  on: MysqlConnection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Result> {
  return new Promise((resolve, reject) => {
    send(on, sql, values as readonly MysqlValue[], (error, result) => {
      if (error) reject(error);
      else resolve(resultOf(result));
    });
  });
}

/** Kysely over the pool, whose driver is told to send statements in this way. */
export function kyselyOver(pool: MysqlPool, send: Send): Kysely<unknown> {
  const wrapped = new WeakMap<MysqlConnection, object>();
  const adapted = {
    getConnection(callback: (error: unknown, connection?: object) => void) {
      pool.getConnection((error, connection) => {
        if (error) return callback(error);
        let known = wrapped.get(connection);
        if (known === undefined) {
          known = {
            query: (sql: string, values: readonly MysqlValue[], done: MysqlCallback) =>
              send(connection, sql, values, done),
            release: () => connection.release(),
          };
          wrapped.set(connection, known);
        }
        callback(null, known);
      });
    },
  };
  // Kysely's type of a pool asks for more than its driver uses.
  const dialect = new MysqlDialect({ pool: adapted as unknown as KyselysPool });
  return new Kysely({ dialect });
}

function resultOf(result: unknown): Result {
  if (Array.isArray(result)) return { rows: result, changes: 0 };
  return { rows: [], changes: Number((result as { affectedRows?: number }).affectedRows ?? 0) };
}
