import { setTimeout as pause } from 'node:timers/promises';
import { LibsqlDialect } from '@libsql/kysely-libsql';
import { kyselyStore, type RunBatch } from 'keywright/kysely';
import { testKeyStore } from 'keywright/testing';
import { CamelCasePlugin, Kysely, SqliteDialect } from 'kysely';
import { describe, it } from 'vitest';
import { sqliteClients, sqliteFile } from './sql/sqlite-file.ts';

describe('kyselyStore over libSQL', () => {
  testKeyStore(
    async () => {
      const file = sqliteFile();
      file.connect(); // which gives it the write-ahead log
      const open = () =>
        new Kysely<unknown>({
          dialect: new LibsqlDialect({ url: `file:${file.path}` }),
          plugins: [new CamelCasePlugin()], // the host's, and none of the store's business
        });
      const [db, beside] = [open(), open()];
      const store = kyselyStore(db);
      await store.migrate();
      return {
        ...{ store, db },
        other: kyselyStore(beside),
        async close() {
          await Promise.all([db.destroy(), beside.destroy()]);
          file.remove();
        },
      };
    },
    { describe, it },
    { changes: 'poll', transact: ({ db }, work) => db.transaction().execute(work) },
  );
});

/** SQLite as Cloudflare D1 has it: no transaction that stays open, and batches. */
describe.each(sqliteClients.slice(1))('kyselyStore over batches', (client) => {
  testKeyStore(
    async () => {
      const file = sqliteFile();
      const database = file.connect(client);
      const batch: RunBatch = async (statements) => {
        await pause(1); // others read and write meanwhile, as they do over a network
        database.exec('begin immediate');
        try {
          for (const { sql, parameters } of statements) {
            database.prepare(sql).run(...(parameters as string[]));
          }
        } catch (error) {
          database.exec('rollback');
          throw error;
        }
        database.exec('commit');
      };
      const dialect = new SqliteDialect({ database: database as never });
      const db = new Kysely<unknown>({ dialect });
      const store = kyselyStore(db, { batch });
      await store.migrate();
      return { store, other: kyselyStore(db, { batch }), close: () => file.remove() };
    },
    { describe, it },
    { changes: 'none' },
  );
});
