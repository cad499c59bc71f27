import { migrationSql as sqlOf } from './sql/schema.ts';
import type { SqliteDatabase } from './sql/sqlite-database.ts';
import { sqliteEngine } from './sql/sqlite-engine.ts';
import { type SqlStore, type SqlStoreOptions, sqlStore } from './sql/store.ts';

export type { SqliteDatabase, SqliteStatement, SqliteValue } from './sql/sqlite-database.ts';
export type { SqlStore, SqlStoreOptions } from './sql/store.ts';

/**
 * A store in a SQLite database, over the connection that the host has: `DatabaseSync` of
 * `node:sqlite`, or a `Database` of better-sqlite3.
 *
 * Both run on the thread that calls them. Look-ups answer at once, and a transaction runs to its
 * end without a pause, so that no other statement on the connection gets into it. While the host
 * has a transaction open, changes reject with `invalid_argument`, unless it is handed over, and
 * verifications wait for its end. A host that holds transactions or cursors (`iterate`) over an
 * `await` does so on a connection of its own: what is read beside an open cursor is as old as that.
 *
 * @throws KeywrightError `invalid_argument` for a client that does not tell whether a transaction is
 * open.
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

/** The SQL that `migrate()` runs, for those who apply their own. Running it again changes nothing. */
export function migrationSql(): string {
  return sqlOf('sqlite');
}
