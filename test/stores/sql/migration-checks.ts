import { storedKey, trace } from 'keywright/testing';
import { expect, it } from 'vitest';
import { changing } from './changing.ts';
import { recorded, type TestDatabase, type TestEngine } from './engine.ts';

const TIMEOUT_MS = 120_000;

export function testMigrations(engine: TestEngine): void {
  it(
    'creates the schema once, run by several processes at once',
    async () => {
      await using database = await opened(engine);
      const stores = Array.from({ length: 4 }, () => database.store());
      await Promise.all(stores.map((store) => store.migrate()));
      await assertServes(database);
    },
    TIMEOUT_MS,
  );

  it(
    'completes a migration that was cut short at any statement',
    async () => {
      const statements = await statementsOf(engine);
      expect(statements).toBeGreaterThan(3);
      for (let last = 1; last <= statements; last++) {
        await using database = await opened(engine);
        let sent = 0;
        const killed = database.store(() => {
          if (++sent >= last) throw new Error('killed');
        });
        await expect(killed.migrate(), `killed at statement ${last}`).rejects.toThrow();
        await database.store().migrate();
        await assertServes(database);
      }
    },
    TIMEOUT_MS,
  );

  it('changes nothing when it runs again, while a store works', async () => {
    await using database = await opened(engine);
    const store = database.store();
    await store.migrate();
    const key = storedKey();
    await changing(store).create(key, trace());
    const [, , found] = await Promise.all([
      database.store().migrate(),
      database.store().migrate(),
      store.find({ id: key.id }),
      changing(store).create(storedKey({ owner: key.owner }), trace()),
    ]);
    expect(found).toEqual(key);
    expect(await store.find({ id: key.id })).toEqual(key);
  });

  it('rejects tables of an unknown version', async () => {
    await using database = await opened(engine);
    await database.store().migrate();
    await database.execute(`update ${engine.schema}keywright_settings set version = 2`);
    await expect(database.store().migrate()).rejects.toMatchObject({ code: 'store_not_migrated' });
  });

  it('reads nothing else in the database', async () => {
    await using database = await opened(engine);
    await database.execute('create table app_rows (id integer)');
    await database.execute('create view app_view as select id from app_rows');
    await database.execute('drop table app_rows cascade').catch(() => {});
    await database.execute('drop table app_rows').catch(() => {});
    await database.store().migrate();
    await assertServes(database);
  });

  it('names migrate() if the tables are missing', async () => {
    await using database = await opened(engine);
    const store = database.store();
    await expect(store.find({ id: 'x' })).rejects.toThrow('call await store.migrate()');
    await expect(Promise.resolve(store.findByDigest('x'))).rejects.toMatchObject({
      code: 'store_not_migrated',
    });
  });

  it('prints SQL that can be applied repeatedly', async () => {
    await using database = await opened(engine);
    for (let time = 0; time < 2; time++) {
      for (const statement of engine.migrationSql(database).split(';\n').filter(Boolean)) {
        await database.execute(statement);
      }
    }
    await assertServes(database);
    await database.store().migrate();
    await assertServes(database);
  });

  it('drops nothing', async () => {
    await using database = await opened(engine);
    expect(engine.migrationSql(database)).not.toMatch(/drop|truncate|delete/i);
  });
}

async function opened(engine: TestEngine): Promise<TestDatabase & AsyncDisposable> {
  const database = await engine.open();
  return { ...database, [Symbol.asyncDispose]: () => database.remove() };
}

async function statementsOf(engine: TestEngine): Promise<number> {
  await using database = await opened(engine);
  const { store, statements } = recorded(database);
  await store.migrate();
  return statements.length;
}

/** Fails unless keys can be made, changed and revoked. */
async function assertServes(database: TestDatabase): Promise<void> {
  const store = database.store();
  const { id } = storedKey();
  const key = storedKey({ owner: `org_of_${id}` });
  await changing(store).create(key, trace());
  await changing(store).update({ id: key.id }, { name: 'n' }, trace());
  await changing(store).revoke({ id: key.id }, trace({ at: key.createdAt }));
  const expected = { ...key, name: 'n', revokedAt: key.createdAt };
  expect(await store.find({ id: key.id })).toEqual(expected);
  expect(await store.head(key.owner)).toMatchObject({ sequence: 3 });
}
