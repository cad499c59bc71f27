import { createApiKeys, type KeyStore, tokenFormat } from 'keywright';
import { storedKey, trace } from 'keywright/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recorded, type TestDatabase, type TestEngine } from './engine.ts';

const KEYS = 1000;
const START = 1_700_000_000_000;

/** What is sent for an operation, and how the engine runs it. */
export function testStatements(engine: TestEngine): void {
  let database: TestDatabase;
  let store: KeyStore;
  let statements: ReturnType<typeof recorded>['statements'];
  const owner = 'org_many';

  beforeAll(async () => {
    database = await engine.open();
    await database.store().migrate();
    ({ store, statements } = recorded(database));
    await fill(database, owner);
    for (const statement of engine.analyze) await database.execute(statement);
  }, 120_000);
  afterAll(() => database.remove());

  /** The statements that `work` sends. */
  async function sentBy(work: () => Promise<unknown>) {
    statements.length = 0;
    await work();
    return [...statements];
  }

  it('a verification is one read and no write', async () => {
    const format = tokenFormat({ brand: 'acme', environments: ['live'] });
    const keys = createApiKeys({ format, store });
    const actor = { id: 'user_1' };
    const { secret } = await keys.create({ name: 'n', owner: 'o', environment: 'live', actor });
    for (let time = 0; time < 3; time++) {
      const sent = await sentBy(() => keys.verify(secret.reveal()));
      expect(sent.map(({ sql }) => sql)).toEqual([expect.stringMatching(/^select /i)]);
    }
    const unknown = await sentBy(() => keys.verify(`acme_live_${'A'.repeat(55)}`));
    expect(unknown).toHaveLength(1);
    expect(await sentBy(() => keys.verify('acme_live_short'))).toEqual([]);
    await keys.close();
  });

  it('a flush of usage is one statement, however many keys', async () => {
    const usage = new Map(Array.from({ length: KEYS }, (_, i) => [idOf(i), START + i] as const));
    expect(await sentBy(() => store.recordUsage(usage))).toHaveLength(1);
    expect((await store.find({ id: idOf(7) }))?.lastUsedAt).toBe(START + 7);
    expect(await sentBy(() => store.recordUsage(new Map()))).toEqual([]);
  });

  it('a revocation asks for leases once, and for no more if there are none', async () => {
    const key = storedKey();
    await store.create(key, trace());
    const sent = await sentBy(() => store.revoke({ id: key.id }, trace()));
    expect(sent.filter(({ sql }) => sql.includes('keywright_leases'))).toHaveLength(1);
  });

  it('an update writes the changed columns alone', async () => {
    const key = storedKey();
    await store.create(key, trace());
    const sent = await sentBy(() => store.update({ id: key.id }, { scopes: ['a'] }, trace()));
    const [update] = sent.filter(({ sql }) => /^update .keywright_keys/.test(sql));
    expect(update?.sql).toMatch(/set .scopes. = \S+ where/);
  });

  it('the look-up of a digest reads an index', async () => {
    await expectIndexed(() => Promise.resolve(store.findByDigest(storedKey().digest)));
  });

  it.each(['', 'second'])('a %s page of an owner with many keys needs no sort', async (page) => {
    const query = { owner, limit: 20, now: START };
    const { cursor = '' } = await store.list(query);
    await expectIndexed(() => store.list(page === '' ? query : { ...query, cursor }));
  });

  it('a page of activity needs no sort', async () => {
    const query = { owner, limit: 20 };
    const { cursor = '' } = await store.listActivity(query);
    await expectIndexed(() => store.listActivity({ ...query, cursor }));
    await expectIndexed(() => store.listActivity({ ...query, keyId: idOf(3) }));
    await expectIndexed(() => store.listActivity({ ...query, actorId: 'user_7' }));
    await expectIndexed(() => store.readChain(owner, 0, 20));
  });

  async function expectIndexed(work: () => Promise<unknown>): Promise<void> {
    const sent = await sentBy(work);
    for (const { sql, parameters } of sent.filter(({ sql }) => /^select/i.test(sql))) {
      const plan = await database.explain(sql, parameters);
      expect(plan, sql).not.toMatch(engine.sorts);
      expect(plan, sql).not.toMatch(engine.scans);
    }
    expect(sent.length).toBeGreaterThan(0);
  }
}

function idOf(i: number): string {
  return `key_${String(i).padStart(6, '0')}`;
}

/** An owner with many keys among others, and statistics that know it. */
async function fill(database: TestDatabase, owner: string): Promise<void> {
  const store = database.store();
  for (let i = 0; i < KEYS; i += 50) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, j) => {
        const id = idOf(i + j);
        const createdBy = { id: `user_${(i + j) % 20}` };
        const by = trace({ actor: createdBy });
        await store.create(storedKey({ id, owner, createdBy, createdAt: START + i }), by);
        await store.create(storedKey({ owner: `org_${i + j}` }), by);
      }),
    );
  }
}
