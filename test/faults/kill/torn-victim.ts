import { DatabaseSync } from 'node:sqlite';
import { type SqliteDatabase, sqliteStore } from 'keywright/sqlite';
import { suffer } from './suffer.ts';

// A store that commits key and head, and the event in a transaction after that: the runs must notice.
/** Far longer than the rest of a change, so that nearly every kill falls between the two commits. */
const GAP_MS = 20;
const GAP = new Int32Array(new SharedArrayBuffer(4));

const [address = '', owner = ''] = process.argv.slice(2);
const [path = ''] = address.slice('sqlite:'.length).split('?');
const database = new DatabaseSync(path, { timeout: 1000 });
const torn: SqliteDatabase = {
  exec: (sql) => database.exec(sql),
  prepare(sql) {
    const statement = database.prepare(sql);
    if (!/^insert into \S*"keywright_events"/.test(sql)) return statement;
    return {
      get: (...parameters) => statement.get(...parameters),
      all: (...parameters) => statement.all(...parameters),
      columns: () => statement.columns(),
      run(...parameters) {
        database.exec('commit');
        Atomics.wait(GAP, 0, 0, GAP_MS);
        database.exec('begin immediate');
        return statement.run(...parameters);
      },
    };
  },
  get isTransaction() {
    return database.isTransaction;
  },
};
await suffer(sqliteStore(torn), owner);
