import { DatabaseSync } from 'node:sqlite';
import { type SqliteDatabase, sqliteStore } from 'keywright/sqlite';
import { suffer } from './suffer.ts';

// A store that commits the key, and its event in a transaction after that: what the runs must notice.
const [address = '', owner = ''] = process.argv.slice(2);
const [path = ''] = address.slice('sqlite:'.length).split('?');
const database = new DatabaseSync(path, { timeout: 1000 });
const torn: SqliteDatabase = {
  exec: (sql) => database.exec(sql),
  prepare(sql) {
    const statement = database.prepare(sql);
    if (!sql.startsWith('insert into "keywright_events"')) return statement;
    return {
      get: (...parameters) => statement.get(...parameters),
      all: (...parameters) => statement.all(...parameters),
      columns: () => statement.columns(),
      run(...parameters) {
        database.exec('commit; begin immediate');
        return statement.run(...parameters);
      },
    };
  },
  get isTransaction() {
    return database.isTransaction;
  },
};
await suffer(sqliteStore(torn), owner);
