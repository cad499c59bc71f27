import { LibsqlDialect } from '@libsql/kysely-libsql';
import { kyselyStore } from 'keywright/kysely';
import { testKeyStore } from 'keywright/testing';
import { CamelCasePlugin, Kysely } from 'kysely';
import { describe, it } from 'vitest';
import { sqliteFile } from './sql/sqlite-file.ts';

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
    {
      changes: 'poll',
      exclusive: true,
      transact: ({ db }, work) => db.transaction().execute(work),
    },
  );
});
