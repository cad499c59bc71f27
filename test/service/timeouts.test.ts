import { type KeyStore, memoryStore } from 'keywright';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actor, contentsOf, failureOf, makeKey, setUp } from '../support.ts';

const unhandled = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  process.on('unhandledRejection', unhandled);
});

afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
  vi.useRealTimers();
});

type Keys = ReturnType<typeof setUp>['keys'];

/** The error of a change that the store rejected. */
const NOT_MADE = { code: 'store_unavailable', indeterminate: false } as const;

/** What reads, by the method of the store that it reads with. */
const reads: [keyof KeyStore, string, (keys: Keys, id: string) => unknown][] = [
  ['find', 'get', (keys, id) => keys.get(id)],
  ['find', 'get of an owner', (keys, id) => keys.forOwner('org_1').get(id)],
  ['view', 'create', (keys) => makeKey(keys)],
  ['view', 'update', (keys, id) => keys.update(id, { name: 'Other' }, { actor })],
  ['view', 'rotate', (keys, id) => keys.rotate(id, { actor })],
  ['view', 'revoke', (keys, id) => keys.revoke(id, { actor })],
  ['list', 'list', (keys) => keys.list({ owner: 'org_1' })],
  ['list', 'list of an owner', (keys) => keys.forOwner('org_1').list()],
  ['listActivity', 'activity', (keys) => keys.activity({ owner: 'org_1' })],
  ['head', 'verifyActivity', (keys) => keys.verifyActivity({ owner: 'org_1' })],
  ['readChain', 'verifyActivity', (keys) => keys.verifyActivity({ owner: 'org_1' })],
];

/** A service with a key, on a store that has one method replaced. */
async function withMethod(method: keyof KeyStore, replacement: () => unknown) {
  const store = memoryStore();
  const { record, token } = await makeKey(setUp({ store }).keys);
  const { keys } = setUp({ store: { ...store, [method]: replacement }, storeTimeoutMs: 20 });
  return { keys, store, record, token };
}

describe('a read without an answer of the store', () => {
  it.each(reads)('by `%s` fails after `storeTimeoutMs`: %s', async (method, _, read) => {
    const { keys, store, record } = await withMethod(method, () => new Promise(() => {}));
    const before = await contentsOf(store);
    const settled = vi.fn();
    const failed = failureOf(() => read(keys, record.id)).finally(settled);
    await vi.advanceTimersByTimeAsync(19);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await failed).toMatchObject({
      code: 'store_unavailable',
      message: 'the store did not answer within 20 ms',
    });
    expect(await contentsOf(store)).toEqual(before);
  });

  it.each(reads)('by `%s` ignores a later failure: %s', async (method, _, read) => {
    const late = Promise.withResolvers<never>();
    const { keys, record } = await withMethod(method, () => late.promise);
    const failed = failureOf(() => read(keys, record.id));
    await vi.advanceTimersByTimeAsync(20);
    await failed;
    late.reject(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('a read that fails', () => {
  const failure = new Error('connection reset');

  it.each(reads)('by `%s` rejects with the error of the store: %s', async (method, _, read) => {
    for (const fail of [
      () => Promise.reject(failure),
      () => {
        throw failure;
      },
    ]) {
      const { keys, store, record } = await withMethod(method, fail);
      const before = await contentsOf(store);
      const error = await failureOf(() => read(keys, record.id));
      if (method === 'view') expect(error).toMatchObject({ ...NOT_MADE, cause: failure });
      else expect(error).toBe(failure);
      expect(await contentsOf(store)).toEqual(before);
    }
  });
});

describe('a change that fails', () => {
  const failure = new Error('connection reset');

  it.each<[string, (keys: Keys, id: string) => unknown]>([
    ['create', (keys) => makeKey(keys)],
    ['update', (keys, id) => keys.update(id, { name: 'Other' }, { actor })],
    ['rotate', (keys, id) => keys.rotate(id, { actor })],
    ['revoke', (keys, id) => keys.revoke(id, { actor })],
    ['revokeAll', (keys) => keys.revokeAll({ owner: 'org_1', actor })],
    ['eraseActor', (keys) => keys.eraseActor({ owner: 'org_1', actorId: 'user_1', actor })],
  ])(
    'in `%s` rejects with `store_unavailable`, and the error of the store as its cause',
    async (_, change) => {
      for (const method of ['view', 'commit'] as const) {
        const fail = () => Promise.reject(failure);
        const { keys, store, record, token } = await withMethod(method, fail);
        const before = await contentsOf(store);
        const error = await failureOf(() => change(keys, record.id));
        expect(error).toMatchObject({ ...NOT_MADE, cause: failure });
        expect(await contentsOf(store)).toEqual(before);
        expect((await keys.verify(token)).ok).toBe(true);
      }
    },
  );

  it('is indeterminate after `changeTimeoutMs` if its commit has been sent', async () => {
    const store = memoryStore();
    const answer = Promise.withResolvers<void>();
    const slow: KeyStore = {
      ...store,
      commit: async (change) => {
        await answer.promise;
        return store.commit(change);
      },
    };
    const { keys } = setUp({ store: slow, storeTimeoutMs: 10, changeTimeoutMs: 500 });
    const settled = vi.fn();
    const failed = failureOf(() => makeKey(keys)).finally(settled);
    await vi.advanceTimersByTimeAsync(499);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    const expected = { code: 'store_unavailable', indeterminate: true };
    expect(await failed).toMatchObject(expected);
    answer.resolve();
    await expect.poll(async () => (await contentsOf(store)).keys.length).toBe(1);
  });

  it('sends no commit after `changeTimeoutMs`, and does not hold up the owner', async () => {
    const store = memoryStore();
    const seen = Promise.withResolvers<void>();
    let views = 0;
    const commit = vi.fn(store.commit);
    const slow: KeyStore = {
      ...store,
      commit,
      view: async (query) => {
        if (++views === 1) await seen.promise;
        return store.view(query);
      },
    };
    const { keys } = setUp({ store: slow, storeTimeoutMs: 60_000, changeTimeoutMs: 500 });
    const failed = failureOf(() => makeKey(keys));
    await vi.advanceTimersByTimeAsync(500);
    expect(await failed).toMatchObject(NOT_MADE);
    await makeKey(keys);
    seen.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(commit).toHaveBeenCalledTimes(1);
    expect((await contentsOf(store)).keys).toHaveLength(1);
  });
});
