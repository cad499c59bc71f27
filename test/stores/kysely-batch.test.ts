import { LibsqlDialect } from '@libsql/kysely-libsql';
import { type BatchStatement, kyselyStore } from 'keywright/kysely';
import { storedKey, trace } from 'keywright/testing';
import { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { changing } from './sql/changing.ts';
import { sqliteFile } from './sql/sqlite-file.ts';

it('a batch that gets no answer holds no other change up for good', async () => {
  const file = sqliteFile();
  const database = file.connect();
  const db = new Kysely<unknown>({ dialect: new LibsqlDialect({ url: `file:${file.path}` }) });
  let hangs = false;
  const store = kyselyStore(db, {
    async batch(statements: readonly BatchStatement[]) {
      if (hangs) {
        hangs = false;
        await new Promise(() => {});
      }
      database.exec('begin immediate');
      for (const { sql, parameters } of statements) {
        database.prepare(sql).all(...(parameters as string[]));
      }
      database.exec('commit');
    },
  });
  await store.migrate();
  hangs = true;
  void changing(store).create(storedKey({ owner: 'org_1' }), trace());
  const key = storedKey({ owner: 'org_2' });
  await changing(store).create(key, trace());
  expect(await store.find({ id: key.id })).toEqual(key);
  await db.destroy();
  file.remove();
});
