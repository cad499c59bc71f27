import type { KeyStore, StoredKey } from 'keywright';
import { storedKey, successor, trace } from 'keywright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changing } from './changing.ts';
import type { TestDatabase, TestEngine } from './engine.ts';

const TABLES = [
  'keywright_keys',
  'keywright_events',
  'keywright_heads',
  'keywright_generation',
  'keywright_factors',
  'keywright_usage',
];

/** A change whose event cannot be written has not taken place. */
export function testAtomicity(engine: TestEngine): void {
  let database: TestDatabase;
  let store: KeyStore;
  let key: StoredKey;

  beforeAll(async () => {
    database = await engine.open();
    const migrating = database.store();
    await migrating.migrate();
    store = migrating;
    key = storedKey();
    await changing(store).create(key, trace({ actor: key.createdBy }));
    await writeFactor(key.createdBy.id, 'one');
  });
  afterAll(() => database.remove());

  const changes: Record<string, () => Promise<unknown>> = {
    create: () => changing(store).create(storedKey({ owner: key.owner }), trace()),
    'create of the first key': () =>
      changing(store).create(storedKey({ owner: 'org_new' }), trace()),
    update: () => changing(store).update({ id: key.id }, { name: 'n' }, trace()),
    rotate: () => changing(store).rotate({ id: key.id }, successor(), trace()),
    revoke: () => changing(store).revoke({ id: key.id }, trace()),
    revokeAll: () => changing(store).revokeAll(key.owner, trace()),
    'the first factor': () => writeFactor('user_new', 'one'),
    'another factor': () => writeFactor(key.createdBy.id, 'two'),
    'no factor': () => writeFactor(key.createdBy.id, undefined),
    eraseActor: () => changing(store).eraseActor(key.owner, key.createdBy.id, trace()),
  };

  describe('while no event can be written', () => {
    beforeAll(() => run(engine.refuseEvents));
    afterAll(() => run(engine.admitEvents));

    it.each(Object.keys(changes))('writes nothing if %s fails', async (name) => {
      const before = await contents();
      await expect(changes[name]?.()).rejects.toThrow(/refused/);
      expect(await contents()).toEqual(before);
    });
  });

  it('commits all changes once events can be written', async () => {
    for (const [name, change] of Object.entries(changes)) {
      await expect(change(), name).resolves.not.toThrow();
    }
    expect((await store.head(key.owner)).sequence).toBeGreaterThan(4);
  });

  function writeFactor(actorId: string, value: string | undefined): Promise<unknown> {
    return changing(store).writeFactor({ owner: key.owner, actorId }, value, trace());
  }

  async function run(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await database.execute(statement);
  }

  async function contents() {
    const rows = TABLES.map((table) =>
      database.execute(`select * from ${engine.schema}${table} order by 1, 2`),
    );
    return Promise.all(rows);
  }
}
