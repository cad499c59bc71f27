import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SqliteDatabase } from 'keywright/sqlite';

/** A connection as both clients have it. */
export type Connection = SqliteDatabase & { close(): unknown };

export interface SqliteClient {
  readonly name: string;
  /** Opens a connection that fails at once where another has locked the file. */
  open(path: string): Connection;
}

const nodeSqlite: SqliteClient = { name: 'node:sqlite', open: (path) => new DatabaseSync(path) };

/** better-sqlite3 where it can be loaded: it is built for some versions of Node, not for all. */
async function betterSqlite3(): Promise<SqliteClient[]> {
  try {
    const { default: Database } = await import('better-sqlite3');
    new Database(':memory:').close();
    return [{ name: 'better-sqlite3', open: (path) => new Database(path, { timeout: 0 }) }];
  } catch {
    return [];
  }
}

export const sqliteClients: readonly SqliteClient[] = [nodeSqlite, ...(await betterSqlite3())];

export interface SqliteFile {
  readonly path: string;
  /** A connection that is closed when the file is removed. */
  connect(client?: SqliteClient): Connection;
  remove(): void;
}

/** A new file with a write-ahead log, in a folder of its own. */
export function sqliteFile(): SqliteFile {
  const folder = mkdtempSync(join(tmpdir(), 'keywright-sqlite-'));
  const path = join(folder, 'keys.db');
  const connections: Connection[] = [];
  return {
    path,
    connect(client = nodeSqlite) {
      const connection = client.open(path);
      connections.push(connection);
      connection.exec('pragma journal_mode = wal; pragma synchronous = off');
      return connection;
    },
    remove() {
      for (const connection of connections) {
        try {
          connection.close();
        } catch {} // a test has closed it before
      }
      rmSync(folder, { recursive: true });
    },
  };
}

const turns = new WeakMap<Connection, Promise<void>>();

/** A transaction as a host has it whose code waits its turn for the one connection. */
export function transacted(
  database: Connection,
  work: (transaction: Connection) => Promise<void>,
): Promise<void> {
  const turn = (turns.get(database) ?? Promise.resolve()).then(async () => {
    database.exec('begin immediate');
    try {
      await work(database);
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
    database.exec('commit');
  });
  turns.set(
    database,
    turn.catch(() => {}),
  );
  return turn;
}
