import { schemaFor, migrationSql as sqlOf } from './sql/schema.ts';
import type { SqliteDatabase } from './sql/sqlite-database.ts';
import { sqliteEngine } from './sql/sqlite-engine.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type { SqliteDatabase, SqliteStatement, SqliteValue } from './sql/sqlite-database.ts';
export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/**
 * A store in a SQLite database, over the application's own connection: `DatabaseSync` of `node:sqlite`,
 * or a `Database` of better-sqlite3.
 *
 * Both run on the calling thread. Look-ups return at once. A commit runs to its end without a pause, so no
 * other statement on the connection becomes part of it. While the application has a transaction open,
 * verifications wait for its end, and changes that do not join it reject with `invalid_argument`.
 * Use a separate connection for transactions and cursors (`iterate`) that stay open across an `await`: a
 * read beside an open cursor is as old as the cursor.
 *
 * @throws KeywrightError `invalid_argument` if `database` is not a database, or does not report whether a
 * transaction is open
 *
 * @example
 * ```ts
 * const database = new DatabaseSync('keys.db', { timeout: 1000 });
 * database.exec('pragma journal_mode = wal');
 * const store = sqliteStore(database);
 * await store.migrate();
 * ```
 */
export function sqliteStore(database: SqliteDatabase, options: SqlStoreOptions = {}): SqlStore {
  return sqlStore(sqliteEngine(database), options);
}

/** Returns the SQL that `migrate()` runs, for your own migration tool. Running it again changes nothing. */
export function migrationSql(): string {
  return sqlOf('sqlite', schemaFor('sqlite', undefined));
}
