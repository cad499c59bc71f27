import { memoryStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { type AllKeysFilter, listAllKeys } from 'keywright/operators';
import { describe, expect, it } from 'vitest';
import { actor, failureOf, START, setUp, wrong } from '../support.ts';
import { MADE, withKeys } from './support.ts';

type Service = Awaited<ReturnType<typeof withKeys>>;

/** The numbers of the keys that pass, page by page. */
async function numbersOf({ keys }: Service, filter: AllKeysFilter<'live' | 'test'>) {
  const numbers: number[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listAllKeys(keys, { ...filter, ...(cursor && { cursor }) });
    numbers.push(...page.items.map(({ name }) => Number(name)));
    cursor = page.cursor;
    if (cursor === undefined) return numbers;
  }
}

const NEWEST_FIRST = [...MADE.keys()].reverse();

describe('listAllKeys', () => {
  it('returns the keys of all owners, newest first, in pages', async () => {
    const service = await withKeys();
    const { items } = await listAllKeys(service.keys);
    expect(items.map(({ name }) => Number(name))).toEqual(NEWEST_FIRST);
    expect(items[0]).toEqual(await service.keys.get(items[0]?.id ?? ''));
    for (const limit of [1, 2, 4])
      expect(await numbersOf(service, { limit })).toEqual(NEWEST_FIRST);
  });

  it('narrows by creator, environment and the span of creation', async () => {
    const service = await withKeys();
    expect(await numbersOf(service, { createdBy: 'user_ada' })).toEqual([4, 0]);
    expect(await numbersOf(service, { createdBy: 'user' })).toEqual([]);
    expect(await numbersOf(service, { environment: 'test' })).toEqual([3, 2]);
    const span = { createdAfter: START + 1000, createdBefore: new Date(START + 4000) };
    expect(await numbersOf(service, span)).toEqual([3, 2, 1]);
    expect(
      await numbersOf(service, { ...span, createdBy: 'user_eve', environment: 'live' }),
    ).toEqual([1]);
  });

  it('narrows by the hint that records show', async () => {
    const service = await withKeys();
    const hint = service.made[3]?.token.slice(0, 'prn_test_'.length + 4) ?? '';
    expect(await numbersOf(service, { hint })).toEqual([3]);
    expect(await numbersOf(service, { hint: hint.slice(0, -1) })).toEqual([]);
  });

  it('narrows by state, by text in the name, and by last use', async () => {
    const service = await withKeys();
    const { keys, made, time } = service;
    await keys.revoke(made[1]?.id ?? '', { actor });
    await keys.update(made[4]?.id ?? '', { enabled: false }, { actor });
    expect(await numbersOf(service, { state: 'revoked' })).toEqual([1]);
    expect(await numbersOf(service, { state: 'disabled' })).toEqual([4]);
    expect(await numbersOf(service, { state: 'active', text: '5' })).toEqual([5]);
    await keys.verify(made[0]?.token ?? '');
    await keys.flush();
    expect(await numbersOf(service, { unusedSince: START + 3000 })).toEqual([2, 1]);
    expect(await numbersOf(service, { unusedSince: time.now + 1 })).toEqual(NEWEST_FIRST);
  });

  it('returns the keys of an expiry window, the first to expire first', async () => {
    const service = await withKeys();
    const { keys, made, time } = service;
    const expiries = [undefined, 50, 10, undefined, 30, 10];
    for (const [i, after] of expiries.entries()) {
      const expiresAt = after === undefined ? null : time.now + after;
      await keys.update(made[i]?.id ?? '', { expiresAt }, { actor });
    }
    const same = [2, 5].sort((a, b) => ((made[a]?.id ?? '') < (made[b]?.id ?? '') ? -1 : 1));
    for (const limit of [1, 2, 3, 20]) {
      const at = (ms: number) => time.now + ms;
      const listed = (filter: object) => numbersOf(service, { ...filter, limit });
      expect(await listed({ expiresBefore: at(1000) })).toEqual([...same, 4, 1]);
      expect(await listed({ expiresAfter: at(0) })).toEqual([...same, 4, 1]);
      expect(await listed({ expiresAfter: at(11), expiresBefore: at(50) })).toEqual([4]);
      expect(await listed({ expiresAfter: at(10), expiresBefore: at(30) })).toEqual(same);
    }
  });

  it('misses no key, and returns none twice, while others are created', async () => {
    const service = await withKeys();
    const first = await listAllKeys(service.keys, { limit: 3 });
    await service.keys.create({ name: '6', owner: 'org_4', environment: 'live', actor });
    const { cursor = '' } = first;
    const rest = await listAllKeys(service.keys, { limit: 3, cursor });
    expect([...first.items, ...rest.items].map(({ name }) => Number(name))).toEqual(NEWEST_FIRST);
    expect(rest).not.toHaveProperty('cursor');
  });

  it('returns copies without digests', async () => {
    const service = await withKeys();
    const page = await listAllKeys(service.keys, { limit: 1 });
    expect(page.items[0]).not.toHaveProperty('digest');
    (page.items[0] as { name: string }).name = 'changed';
    expect(await numbersOf(service, { limit: 1 })).toEqual(NEWEST_FIRST);
  });

  it('reads through a cache', async () => {
    const service = await withKeys({ store: cachedStore(memoryStore()) });
    expect(await numbersOf(service, {})).toEqual(NEWEST_FIRST);
  });

  it.each([
    ['filter', undefined],
    ['filter.owner', { owner: 'org_1' }],
    ['limit', { limit: 101 }],
    ['cursor', { cursor: 'e1.key_1' }],
    ['cursor', { cursor: '1.key_1', expiresBefore: START }],
    ['environment', { environment: 'prod' }],
    ['state', { state: 'alive' }],
    ['createdBy', { createdBy: { id: 'user_1' } }],
    ['hint', { hint: 'x'.repeat(71) }],
    ['createdAfter', { createdAfter: 'yesterday' }],
    ['createdBefore', { createdBefore: 1.5 }],
    ['expiresAfter', { expiresAfter: Number.NaN }],
    ['expiresBefore', { expiresBefore: null }],
    ['unusedSince', { unusedSince: -1 }],
  ])('refuses a wrong %s', async (argument, filter) => {
    const { keys } = setUp();
    const failure = await failureOf(() => listAllKeys(keys, wrong(filter ?? null)));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument });
  });

  it('refuses the keys of one owner, and a store that cannot list across owners', async () => {
    const { listAll: _, ...without } = memoryStore();
    for (const keys of [setUp().keys.forOwner('org_1'), setUp({ store: without }).keys]) {
      const failure = await failureOf(() => listAllKeys(wrong(keys)));
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'keys' });
    }
  });

  it('gives up a store that does not answer', async () => {
    const store = { ...memoryStore(), listAll: () => new Promise<never>(() => {}) };
    const failure = await failureOf(() => listAllKeys(setUp({ store, storeTimeoutMs: 5 }).keys));
    expect(failure).toMatchObject({ code: 'store_unavailable' });
  });
});
