import { migrationSql, type SqliteDatabase, type SqliteValue, sqliteStore } from 'keywright/sqlite';
import type { OnStatement, TestEngine } from './engine.ts';
import { type Connection, type SqliteClient, sqliteFile } from './sqlite-file.ts';

export function sqliteEngine(client: SqliteClient): TestEngine {
  return {
    name: client.name,
    installed: true,
    async open() {
      const file = sqliteFile();
      const own = file.connect(client);
      const read = (sql: string, parameters: readonly unknown[] = []) =>
        own.prepare(sql).all(...(parameters as SqliteValue[])) as Record<string, unknown>[];
      return {
        name: '',
        store: (onStatement) => sqliteStore(observed(file.connect(client), onStatement)),
        async execute(sql, parameters) {
          if (/^\s*select/i.test(sql)) return read(sql, parameters);
          own.exec(sql);
          return [];
        },
        async explain(sql, parameters) {
          return JSON.stringify(read(`explain query plan ${sql}`, parameters));
        },
        async remove() {
          file.remove();
        },
      };
    },
    async stop() {},
    refuseEvents: [
      "create trigger refuse before insert on keywright_events begin select raise(abort, 'refused'); end",
    ],
    admitEvents: ['drop trigger refuse'],
    analyze: [],
    sorts: /TEMP B-TREE/,
    scans: /"SCAN keywright/,
    schema: '',
    migrationSql: () => migrationSql(),
  };
}

/** The connection as the store has it, whose statements are told. */
function observed(connection: Connection, onStatement: OnStatement = () => {}): SqliteDatabase {
  let cut = false;
  const tell: OnStatement = (sql, parameters) => {
    if (cut) throw new Error('the connection is cut');
    try {
      onStatement(sql, parameters);
    } catch (error) {
      cut = true;
      connection.close(); // which rolls back, as the next process does after a kill
      throw error;
    }
  };
  return {
    exec(sql) {
      tell(sql, []);
      return connection.exec(sql);
    },
    prepare(sql) {
      const statement = connection.prepare(sql);
      const told = (parameters: SqliteValue[]) => {
        tell(sql, parameters);
        return parameters;
      };
      return {
        ...('reader' in statement ? { reader: statement.reader as boolean } : {}),
        columns: () => statement.columns(),
        get: (...parameters) => statement.get(...told(parameters)),
        all: (...parameters) => statement.all(...told(parameters)),
        run: (...parameters) => statement.run(...told(parameters)),
      };
    },
    get isTransaction() {
      return !cut && (connection.inTransaction ?? connection.isTransaction ?? false);
    },
  };
}
