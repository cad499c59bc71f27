import type { StoredKey } from '../../record.ts';
import { assert, assertEqual, assertRejects } from '../assert.ts';
import { START, storedKey } from '../fixtures.ts';
import { type AllKeys, acrossOwners, allKeys, putFor } from './all-keys.ts';
import { drain, type Topic, unique } from './subject.ts';
import { addDraft, alter, assertStatus, changeOn, write } from './writes.ts';

const NOT_CURSORS: readonly string[] = ['', 'x', 'null', '{}', '-1', "' OR 1=1 --", '🔑', '1 OR 1'];

/** For stores with `listAll`. Other stores pass. */
export const listAll: Topic = {
  'returns keys of all owners newest first, in whatever order they were added': acrossOwners(
    async (all) => {
      const times = [START, 9, 100, START + 5, 10, START - 1, 99, START + 4];
      const keys: StoredKey[] = [];
      for (const createdAt of times) keys.push(await putFor(all, { createdAt }));
      const expected = keys.sort((a, b) => b.createdAt - a.createdAt);
      for (const limit of [1, 3, 100]) {
        assertEqual(await allKeys(all, { limit }), expected, `listAll, in pages of ${limit}`);
      }
    },
  ),

  'returns keys of one millisecond by id descending, byte for byte': acrossOwners(async (all) => {
    const prefix = unique('key');
    const ids = ['Z', 'a', '0', '_', 'B', 'b', '9', 'A1', 'A', 'A-', '~'].map(
      (end) => prefix + end,
    );
    for (const id of ids) await putFor(all, { id });
    const expected = ids.sort((a, b) => (a < b ? 1 : -1));
    for (const limit of [1, 2, 4, 100]) {
      const listed = await allKeys(all, { limit });
      assertEqual(
        listed.map(({ id }) => id),
        expected,
        `the ids, in pages of ${limit}`,
      );
    }
  }),

  'returns keys by expiry, the first to expire first, and of one millisecond by id': acrossOwners(
    async (all) => {
      const prefix = unique('key');
      const ends: readonly [string, number | undefined][] = [
        ['e', START + 100],
        ['B', START + 20],
        ['never', undefined],
        ['a', START + 20],
        ['A', START + 20],
        ['c', 9],
        ['d', 0],
      ];
      for (const [i, [end, expiresAt]] of ends.entries()) {
        const expiry = expiresAt === undefined ? {} : { expiresAt };
        await putFor(all, { id: prefix + end, createdAt: START - i, ...expiry });
      }
      for (const limit of [1, 2, 100]) {
        const listed = await allKeys(all, { order: 'expiry', limit });
        assertEqual(
          listed.map(({ id }) => id.slice(prefix.length)),
          ['d', 'c', 'A', 'B', 'a', 'e'],
          `the ids, in pages of ${limit}`,
        );
      }
    },
  ),

  'returns whole keys with their last use, as both handles changed them': acrossOwners(
    async (all) => {
      const { store, other } = all;
      const key = await putFor(all, { expiresAt: START + 5, metadata: { plan: 'pro' } });
      await store.recordUsage(new Map([[key.id, START + 7]]));
      const used = { ...key, lastUsedAt: START + 7 };
      assertEqual(await allKeys(all), [used], 'listAll');
      const after = await alter({ store: other }, used, { name: 'changed', revokedAt: START + 8 });
      assertEqual(await allKeys(all), [after], 'listAll after a change');
      assertEqual(await allKeys(all, { order: 'expiry' }), [after], 'listAll by expiry');
    },
  ),

  'orders a key by its expiry after the newest change': acrossOwners(async (all) => {
    const one = await putFor(all, { expiresAt: START + 10 });
    const two = await putFor(all, { expiresAt: START + 20 });
    const none = await putFor(all);
    const byExpiry = async () => (await allKeys(all, { order: 'expiry' })).map(({ id }) => id);
    const later = await alter(all, one, { expiresAt: START + 30 });
    assertEqual(await byExpiry(), [two.id, one.id], 'after a later expiry');
    await alter(all, none, { expiresAt: START + 5 });
    assertEqual(await byExpiry(), [none.id, two.id, one.id], 'after a first expiry');
    const { expiresAt: _, ...endless } = later;
    await write(all.store, one.owner, {
      ...addDraft(),
      changed: [{ before: later, after: endless }],
      events: addDraft(one).events ?? [],
    });
    assertEqual(await byExpiry(), [none.id, two.id], 'after an expiry was taken away');
    const digest = storedKey().digest;
    await write(all.store, two.owner, { changed: [{ before: two, after: { ...two, digest } }] });
    assertEqual(await byExpiry(), [none.id, two.id], 'after an upgraded digest');
  }),

  'returns no key of a commit that failed': acrossOwners(async (all) => {
    const { store, owner } = all;
    const kept = await putFor(all, { owner, expiresAt: START });
    const of = (overrides: Partial<StoredKey>) =>
      storedKey({ owner, createdBy: kept.createdBy, expiresAt: START + 1, ...overrides });
    const stale = await changeOn(store, owner, addDraft(of({})));
    const kept2 = await putFor(all, { owner, createdAt: START + 1 });
    assertStatus(await store.commit(stale), 'stale');
    const taken = await changeOn(store, owner, addDraft(of({}), of({ digest: kept.digest })));
    assertStatus(await store.commit(taken), 'digest_taken');
    assertEqual(await allKeys(all), [kept2, kept], 'listAll');
    assertEqual(await allKeys(all, { order: 'expiry' }), [kept], 'listAll by expiry');
  }),

  'returns as many keys as the limit allows, and a cursor with every page but the last':
    acrossOwners(async (all) => {
      const keys = Array.from({ length: 101 }, (_, i) =>
        storedKey({
          ...{ owner: all.owner, createdBy: { id: all.creator } },
          ...{ createdAt: START + i, expiresAt: START - i },
        }),
      );
      await write(all.store, all.owner, addDraft(...keys));
      keys.reverse();
      for (const order of ['created', 'expiry'] as const) {
        const query = { order, createdBy: all.creator, now: START };
        const page = await all.listAll({ ...query, limit: 100 });
        assertEqual(page.items, keys.slice(0, 100), 'a page of 100');
        const { cursor } = page;
        assert(cursor !== undefined, 'a page before the last has a cursor');
        const last = await all.listAll({ ...query, limit: 1, cursor });
        assertEqual(last, { items: keys.slice(100) }, 'a full last page');
        const short = await all.listAll({ ...query, limit: 2, cursor });
        assertEqual(short, { items: keys.slice(100) }, 'a short last page');
      }
    }),

  'is stable while keys are added': acrossOwners(async (all) => {
    const keys: StoredKey[] = [];
    for (let i = 0; i < 6; i++) keys.unshift(await putFor(all, { createdAt: START + i }));
    let added = 0;
    const listed = await drain(async (cursor) => {
      const page = await all.listAll({
        ...{ order: 'created', createdBy: all.creator, limit: 2, now: START },
        ...cursor,
      });
      await putFor(all, { createdAt: START + 100 + added++ });
      await putFor(all, { createdAt: keys[0]?.createdAt ?? 0, id: unique('zzz') });
      return page;
    });
    assertEqual(listed, keys, 'listAll');
  }),

  'continues after a key that no longer matches the filter': acrossOwners(async (all) => {
    for (const order of ['created', 'expiry'] as const) {
      const own = { ...all, creator: unique('user') };
      const keys: StoredKey[] = [];
      for (let i = 0; i < 4; i++) {
        keys.push(await putFor(own, { createdAt: START - i, expiresAt: START + 5 + i }));
      }
      const query = {
        order,
        createdBy: own.creator,
        now: START,
        state: 'active',
        limit: 2,
      } as const;
      const { cursor = '' } = await all.listAll(query);
      const [, second] = keys;
      assert(second !== undefined, 'there is a second key');
      await alter(all, second, { revokedAt: START });
      const next = await all.listAll({ ...query, cursor });
      assertEqual(next.items, keys.slice(2), `the next page by ${order}`);
    }
  }),

  'rejects a cursor that no page of the order returned': acrossOwners(async (all) => {
    for (let i = 0; i < 3; i++) await putFor(all, { createdAt: START + i, expiresAt: START + i });
    const base: Pick<Parameters<AllKeys['listAll']>[0], 'now' | 'limit' | 'createdBy'> = {
      ...{ now: START, limit: 1, createdBy: all.creator },
    };
    const created = await all.listAll({ ...base, order: 'created' });
    const expiry = await all.listAll({ ...base, order: 'expiry' });
    for (const [order, foreign] of [
      ['created', expiry.cursor],
      ['expiry', created.cursor],
    ] as const) {
      for (const cursor of [...NOT_CURSORS, foreign ?? 'none']) {
        const work = all.listAll({ ...base, order, cursor });
        await assertRejects(work, 'invalid_argument', `${order} from ${JSON.stringify(cursor)}`);
      }
    }
  }),
};
