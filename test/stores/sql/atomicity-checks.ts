import type { KeyStore, StoredKey } from 'keywright';
import { storedKey, successor, trace } from 'keywright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase, TestEngine } from './engine.ts';

const TABLES = [
  'keywright_keys',
  'keywright_events',
  'keywright_heads',
  'keywright_generation',
  'keywright_factors',
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
    await store.create(key, trace({ actor: key.createdBy }));
    await writeFactor(key.createdBy.id, 'one');
  });
  afterAll(() => database.remove());

  const changes: Record<string, () => Promise<unknown>> = {
    create: () => store.create(storedKey({ owner: key.owner }), trace()),
    'create of the first key': () => store.create(storedKey({ owner: 'org_new' }), trace()),
    update: () => store.update({ id: key.id }, { name: 'n' }, trace()),
    rotate: () => store.rotate({ id: key.id }, successor(), trace()),
    revoke: () => store.revoke({ id: key.id }, trace()),
    revokeAll: () => store.revokeAll(key.owner, trace()),
    'the first factor': () => writeFactor('user_new', 'one'),
    'another factor': () => writeFactor(key.createdBy.id, 'two'),
    'no factor': () => writeFactor(key.createdBy.id, undefined),
    eraseActor: () => store.eraseActor(key.owner, key.createdBy.id, trace()),
  };

  describe('while no event can be written', () => {
    beforeAll(() => run(engine.refuseEvents));
    afterAll(() => run(engine.admitEvents));

    it.each(Object.keys(changes))('%s fails, and leaves nothing', async (name) => {
      const before = await contents();
      await expect(changes[name]?.()).rejects.toThrow(/refused/);
      expect(await contents()).toEqual(before);
    });
  });

  it('once events can be written, all of them take place', async () => {
    for (const [name, change] of Object.entries(changes)) {
      await expect(change(), name).resolves.not.toThrow();
    }
    expect((await store.head(key.owner)).sequence).toBeGreaterThan(4);
  });

  async function writeFactor(actorId: string, value: string | undefined): Promise<void> {
    const ref = { owner: key.owner, actorId };
    const seen = (await store.factors?.read(ref))?.version;
    await store.factors?.write(ref, { seen, value, action: 'factor.passed' }, trace());
  }

  async function run(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await database.execute(statement);
  }

  async function contents() {
    const rows = TABLES.map((table) => database.execute(`select * from ${table} order by 1, 2`));
    return Promise.all(rows);
  }
}
