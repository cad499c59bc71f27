import { type SqliteDatabase as DialectDatabase, Kysely, SqliteDialect } from 'kysely';

/** What the store uses of a connection: `DatabaseSync` of `node:sqlite`, or better-sqlite3's `Database`. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  /** Whether a transaction is open, as better-sqlite3 tells it. One of the two has to be there. */
  readonly inTransaction?: boolean;
  /** Whether a transaction is open, as `node:sqlite` tells it. */
  readonly isTransaction?: boolean;
}

/** A prepared statement, of `node:sqlite` or of better-sqlite3. */
export interface SqliteStatement {
  get(...parameters: SqliteValue[]): unknown;
  all(...parameters: SqliteValue[]): unknown[];
  run(...parameters: SqliteValue[]): { readonly changes: number | bigint };
  columns(): unknown[];
  /** Whether the statement gives rows, as better-sqlite3 tells it. */
  readonly reader?: boolean;
}

/** What a statement is given for its parameters. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

export function inTransaction({ inTransaction, isTransaction }: SqliteDatabase): boolean {
  return inTransaction ?? isTransaction ?? false;
}

/** Kysely over the connection, for the migrator: it needs an instance that runs statements. */
export function kyselyOver(database: SqliteDatabase): Kysely<unknown> {
  const adapted = {
    prepare(sql: string) {
      const statement = database.prepare(sql);
      return {
        reader: statement.reader ?? statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...(parameters as SqliteValue[])),
        run: (parameters: readonly unknown[]) => statement.run(...(parameters as SqliteValue[])),
      };
    },
    close() {}, // the connection is the host's
  };
  return new Kysely({ dialect: new SqliteDialect({ database: adapted as DialectDatabase }) });
}
