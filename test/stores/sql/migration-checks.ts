import { storedKey, trace } from 'keywright/testing';
import { expect, it } from 'vitest';
import { recorded, type TestDatabase, type TestEngine } from './engine.ts';

const TIMEOUT_MS = 120_000;
const STEPS = 7;

export function testMigrations(engine: TestEngine): void {
  it(
    'run by several processes at once make the schema once',
    async () => {
      await using database = await opened(engine);
      const stores = Array.from({ length: 4 }, () => database.store());
      await Promise.all(stores.map((store) => store.migrate()));
      await assertServes(database);
      expect(await notedSteps(database)).toHaveLength(STEPS);
    },
    TIMEOUT_MS,
  );

  it(
    'cut short at any statement are ended by the next',
    async () => {
      const statements = await statementsOf(engine);
      expect(statements).toBeGreaterThan(STEPS);
      for (let last = 1; last <= statements; last++) {
        await using database = await opened(engine);
        let sent = 0;
        const killed = database.store(() => {
          if (++sent >= last) throw new Error('killed');
        });
        await expect(killed.migrate(), `killed at statement ${last}`).rejects.toThrow();
        await database.store().migrate();
        await assertServes(database);
        expect(await notedSteps(database)).toHaveLength(STEPS);
      }
    },
    TIMEOUT_MS,
  );

  it('change nothing when they run again, and a store goes on meanwhile', async () => {
    await using database = await opened(engine);
    const store = database.store();
    await store.migrate();
    const key = storedKey();
    await store.create(key, trace());
    const before = await notedSteps(database);
    const [, , found] = await Promise.all([
      database.store().migrate(),
      database.store().migrate(),
      store.find({ id: key.id }),
      store.create(storedKey({ owner: key.owner }), trace()),
    ]);
    expect(found).toEqual(key);
    expect(await notedSteps(database)).toEqual(before);
    expect(await store.findByDigest(key.digest)).toEqual(key);
  });

  it('of a newer version leave an older one serving, and migrating', async () => {
    await using database = await opened(engine);
    const store = database.store();
    await store.migrate();
    await database.execute('alter table keywright_keys add column newer varchar(10)');
    await database.execute(
      "insert into keywright_migration values ('9000_keywright', '2999-01-01T00:00:00.000Z')",
    );
    await store.migrate();
    await assertServes(database);
    expect(await notedSteps(database)).toHaveLength(STEPS + 1);
  });

  it('tell why they fail', async () => {
    await using database = await opened(engine);
    await database.execute('create table keywright_migration (other integer)');
    await expect(database.store().migrate()).rejects.toThrow(/name/);
  });

  it('are printed as SQL that can be applied, and applied again', async () => {
    await using database = await opened(engine);
    for (let time = 0; time < 2; time++) {
      for (const statement of engine.migrationSql().split(';\n').filter(Boolean)) {
        await database.execute(statement);
      }
    }
    await assertServes(database);
    await database.store().migrate();
    await assertServes(database);
  });

  it('drop nothing', () => {
    expect(engine.migrationSql()).not.toMatch(/drop|truncate|delete/i);
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
  await store.create(key, trace());
  await store.update({ id: key.id }, { name: 'n' }, trace());
  await store.revoke({ id: key.id }, trace({ at: key.createdAt }));
  const expected = { ...key, name: 'n', revokedAt: key.createdAt };
  expect(await store.findByDigest(key.digest)).toEqual(expected);
  expect(await store.head(key.owner)).toMatchObject({ sequence: 3 });
}

async function notedSteps(database: TestDatabase): Promise<string[]> {
  const rows = await database.execute('select name from keywright_migration order by name');
  return rows.map(({ name }) => String(name));
}
