import { wrongClient } from '../wrong-client.ts';
import type { Result, Statement } from './engine.ts';

/** The part of a mysql2 connection with callbacks that the store uses. */
export interface MysqlConnection {
  query(query: MysqlQuery, values: MysqlValue[], callback: MysqlCallback): unknown;
  execute(query: MysqlQuery, values: MysqlValue[], callback: MysqlCallback): unknown;
}

/** A connection that was taken from the pool. */
export interface MysqlPoolConnection extends MysqlConnection {
  release(): void;
  destroy(): void;
}

/** The part of a mysql2 pool with callbacks that the store uses. */
export interface MysqlPool {
  getConnection(callback: (error: MysqlError, connection: MysqlPoolConnection) => void): void;
}

/** A pool of `mysql2/promise`, which wraps a pool with callbacks. */
export interface MysqlPromisePool {
  readonly pool: MysqlPool;
}

/** Receives the outcome of a statement: an error, or rows or a header with counts. */
export type MysqlCallback = (error: MysqlError, result: unknown) => void;

/** The error of a statement; `null` if it succeeded. */
export type MysqlError = Error | null;

/** A parameter of a statement. */
export type MysqlValue = string | number | null | Uint8Array;

/** A statement in the form of mysql2. */
export interface MysqlQuery {
  readonly sql: string;
  readonly rowsAsArray: boolean;
  readonly nestTables: boolean;
  readonly typeCast: (field: unknown, next: () => unknown) => unknown;
}

/** Returns the pool with callbacks. @throws KeywrightError `invalid_argument` for anything else */
export function poolOf(given: MysqlPool | MysqlPromisePool): MysqlPool {
  const isObject = typeof given === 'object' && given !== null;
  const pool: unknown = isObject && 'pool' in given ? given.pool : given;
  if (typeof pool === 'object' && pool !== null && 'getConnection' in pool)
    return pool as MysqlPool;
  throw wrongClient('pool', 'a pool of mysql2, such as createPool(url)', given);
}

/** Returns the database to which the pool connects. */
export function databaseOf(pool: MysqlPool): string | undefined {
  const { config } = pool as { config?: { connectionConfig?: { database?: unknown } } };
  const database = config?.connectionConfig?.database;
  return typeof database === 'string' && database !== '' ? database : undefined;
}

export function checkOut(pool: MysqlPool): Promise<MysqlPoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error) reject(error);
      else resolve(connection);
    });
  });
}

/** Makes mysql2 return rows as objects with its own types, even if the application has set others. */
const SHAPE = {
  rowsAsArray: false,
  nestTables: false,
  typeCast: (_field: unknown, next: () => unknown) => next(),
};

/**
 * Runs a statement. Values are sent apart from the text, by the protocol of prepared statements. If
 * `prepare` is off, mysql2 escapes them into the text, which is correct unless the server has the mode
 * NO_BACKSLASH_ESCAPES. Statements without values need no preparation, and some cannot be prepared.
 */
export function runOn(
  on: MysqlConnection,
  { sql, parameters }: Statement,
  prepare: boolean,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const done: MysqlCallback = (error, result) => {
      if (error) reject(error);
      else resolve(resultOf(result));
    };
    const query = { sql, ...SHAPE };
    const values = [...parameters] as MysqlValue[];
    if (prepare && values.length > 0) on.execute(query, values, done);
    else on.query(query, values, done);
  });
}

function resultOf(result: unknown): Result {
  if (Array.isArray(result)) return { rows: result, changes: 0 };
  const { affectedRows, insertId } = result as { affectedRows?: number; insertId?: number };
  return { rows: [], changes: Number(affectedRows ?? 0), insertId: Number(insertId ?? 0) };
}
