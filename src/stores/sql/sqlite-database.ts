import { invalid } from '../../errors.ts';
import { wrongClient } from '../wrong-client.ts';

/** The connection that the store uses: `DatabaseSync` of `node:sqlite`, or better-sqlite3's `Database`. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  /** Whether a transaction is open, in better-sqlite3. One of the two properties is required. */
  readonly inTransaction?: boolean;
  /** Whether a transaction is open, in `node:sqlite`. */
  readonly isTransaction?: boolean;
}

/** A prepared statement, of `node:sqlite` or of better-sqlite3. */
export interface SqliteStatement {
  get(...parameters: SqliteValue[]): unknown;
  all(...parameters: SqliteValue[]): unknown[];
  run(...parameters: SqliteValue[]): { readonly changes: number | bigint };
  columns(): unknown[];
  /** Whether the statement returns rows, in better-sqlite3. */
  readonly reader?: boolean;
  /** Makes `node:sqlite` return rows as arrays, or else as objects. */
  setReturnArrays?(enabled: boolean): unknown;
}

/** A parameter of a statement. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

export function inTransaction({ inTransaction, isTransaction }: SqliteDatabase): boolean {
  return inTransaction ?? isTransaction ?? false;
}

/** @throws KeywrightError `invalid_argument` */
export function expectDatabase(given: unknown): void {
  const isDatabase =
    typeof given === 'object' && given !== null && 'prepare' in given && 'exec' in given;
  if (!isDatabase) {
    const expected = 'a DatabaseSync of node:sqlite or a Database of better-sqlite3';
    throw wrongClient('database', expected, given);
  }
  if (!('inTransaction' in given || 'isTransaction' in given)) {
    throw invalid('database', 'must report an open transaction: it has no `inTransaction`');
  }
}

/** Prepares a statement that returns rows as objects, even if the database is set to return arrays. */
export function prepareOn(database: SqliteDatabase, sql: string): SqliteStatement {
  const statement = database.prepare(sql);
  statement.setReturnArrays?.(false);
  return statement;
}
