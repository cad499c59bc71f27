import { createApiKeys, type KeyStore, tokenFormat } from 'keywright';
import type { AllKeysQuery } from 'keywright/store-kit';
import { storedKey, trace } from 'keywright/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changing } from './changing.ts';
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

  it('verifies with one read and no write', async () => {
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

  it('flushes usage with as many statements for one key as for a thousand', async () => {
    const usage = new Map(Array.from({ length: KEYS }, (_, i) => [idOf(i), START + i] as const));
    // MariaDB looks first which keys there are, and ends what a connection was left in.
    const most = engine.name === 'MariaDB' ? 3 : 1;
    expect(await sentBy(() => store.recordUsage(usage))).toHaveLength(most);
    expect((await store.find({ id: idOf(7) }))?.lastUsedAt).toBe(START + 7);
    expect(await sentBy(() => store.recordUsage(new Map()))).toEqual([]);
  });

  it('reads no members of the feed in a revocation without caches', async () => {
    const key = storedKey();
    await changing(store).create(key, trace());
    const sent = await sentBy(() => changing(store).revoke({ id: key.id }, trace()));
    expect(sent.filter(({ sql }) => sql.includes('keywright_members'))).toEqual([]);
  });

  it('writes the changed columns alone in an update', async () => {
    const key = storedKey();
    await changing(store).create(key, trace());
    const sent = await sentBy(() =>
      changing(store).update({ id: key.id }, { scopes: ['a'] }, trace()),
    );
    const [update] = sent.filter(({ sql }) => /update [^;]*keywright_keys/.test(sql));
    expect(update?.sql).toMatch(/scopes. = /);
    expect(update?.sql).not.toMatch(/(environment|enabled|revoked_at|name_folded). = /);
  });

  it('reads an index to look up a digest', async () => {
    await expectIndexed(() => Promise.resolve(store.findByDigest(storedKey().digest)));
  });

  it.each(['', 'second'])(
    'reads a %s page of an owner with many keys without a sort',
    async (page) => {
      const query = { owner, limit: 20, now: START };
      const { cursor = '' } = await store.list(query);
      await expectIndexed(() => store.list(page === '' ? query : { ...query, cursor }));
    },
  );

  it.each<[string, Partial<AllKeysQuery>, string]>([
    ['', {}, 'keywright_keys_all'],
    [' of a creator', { createdBy: 'user_1' }, 'keywright_keys_creator'],
    [' of a hint', { hint: 'prn_live_many' }, 'keywright_keys_hint'],
    [' of a span of creation', { createdBefore: START + 500 }, 'keywright_keys_all'],
    [' of long unused keys', { unusedSince: START + 500 }, 'keywright_keys_all'],
    [
      ' of a window of expiry',
      { order: 'expiry', expiresAfter: START + 300, expiresBefore: START + 600 },
      'keywright_keys_expiring',
    ],
  ])('a page%s over all owners reads an index in its order', async (_, filters, index) => {
    const query = { order: 'created', limit: 20, now: START, ...filters } as const;
    const { items, cursor = '' } = (await store.listAll?.(query)) ?? { items: [] };
    expect(items).toHaveLength(20);
    for (const page of [query, { ...query, cursor }]) {
      await expectIndexed(async () => store.listAll?.(page), index);
    }
  });

  it('reads a page of activity without a sort', async () => {
    const query = { owner, limit: 20 };
    const { cursor = '' } = await store.listActivity(query);
    await expectIndexed(() => store.listActivity({ ...query, cursor }));
    await expectIndexed(() => store.listActivity({ ...query, keyId: idOf(3) }));
    await expectIndexed(() => store.listActivity({ ...query, actorId: 'user_7' }));
    await expectIndexed(() => store.readChain(owner, 0, 20));
  });

  it('claims deliveries by indexes, for any number of owners with nothing to deliver', async () => {
    const { deliveries } = store;
    const request = { consumer: 'siem', limit: 100, leaseMs: 600_000 };
    await deliveries?.register(request.consumer);
    for (let claimed: number | undefined = 1; claimed; ) {
      const claims = await deliveries?.claim({ ...request, holder: `holder_${Math.random()}` });
      for (const claim of claims ?? []) {
        await deliveries?.release(claim, await store.head(claim.owner));
      }
      claimed = claims?.length;
    }
    for (const statement of engine.analyze) await database.execute(statement);
    await changing(store).create(storedKey({ owner }), trace());
    await expectIndexed(async () => {
      const [claim] = (await deliveries?.claim({ ...request, holder: 'last' })) ?? [];
      expect(claim?.owner).toBe(owner);
    });
  });

  async function expectIndexed(work: () => Promise<unknown>, index = ''): Promise<void> {
    const sent = await sentBy(work);
    for (const { sql, parameters } of sent.filter(({ sql }) => /^select/i.test(sql))) {
      const plan = await database.explain(sql, parameters);
      expect(plan, sql).not.toMatch(engine.sorts);
      expect(plan, sql).not.toMatch(engine.scans);
      expect(plan, sql).toContain(index);
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
        const times = { createdAt: START + i, expiresAt: START + i + j };
        await changing(store).create(storedKey({ id, owner, createdBy, ...times }), by);
        const other = storedKey({ owner: `org_${i + j}`, hint: 'prn_live_many' });
        await changing(store).create(other, by);
      }),
    );
  }
  // Of an empty table, the planner reads all.
  await store.recordUsage(new Map(Array.from({ length: KEYS }, (_, i) => [idOf(i), START])));
}
