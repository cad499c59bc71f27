import { type KeyStore, memoryStore } from 'keywright';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actor, contentsOf, failureOf, makeKey, setUp } from '../support.ts';

const unhandled = vi.fn();

beforeEach(() => {
  process.on('unhandledRejection', unhandled);
});

afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
});

type Keys = ReturnType<typeof setUp>['keys'];

/** What reads, by the method of the store that it reads with. */
const reads: [keyof KeyStore, string, (keys: Keys, id: string) => unknown][] = [
  ['find', 'get', (keys, id) => keys.get(id)],
  ['find', 'get of an owner', (keys, id) => keys.forOwner('org_1').get(id)],
  ['find', 'rotate', (keys, id) => keys.rotate(id, { actor })],
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

describe('a read that the store does not answer', () => {
  it.each(reads)('by `%s` fails after `storeTimeoutMs`: %s', async (method, _, read) => {
    const { keys, store, record } = await withMethod(method, () => new Promise(() => {}));
    const before = await contentsOf(store);
    const start = performance.now();
    expect(await failureOf(() => read(keys, record.id))).toMatchObject({
      code: 'store_unavailable',
      message: 'the store gave no answer in 20 ms',
    });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(await contentsOf(store)).toEqual(before);
  });

  it.each(reads)('by `%s` is not heard when it fails later: %s', async (method, _, read) => {
    const late = async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      throw new Error('late');
    };
    const { keys, record } = await withMethod(method, late);
    await failureOf(() => read(keys, record.id));
    await new Promise((resolve) => setTimeout(resolve, 50));
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
      expect(await failureOf(() => read(keys, record.id))).toBe(failure);
      expect(await contentsOf(store)).toEqual(before);
    }
  });
});

describe('a change that fails', () => {
  const failure = new Error('connection reset');

  it.each<[keyof KeyStore, (keys: Keys, id: string) => unknown]>([
    ['create', (keys) => makeKey(keys)],
    ['update', (keys, id) => keys.update(id, { name: 'Other' }, { actor })],
    ['rotate', (keys, id) => keys.rotate(id, { actor })],
    ['revoke', (keys, id) => keys.revoke(id, { actor })],
    ['revokeAll', (keys) => keys.revokeAll({ owner: 'org_1', actor })],
    ['eraseActor', (keys) => keys.eraseActor({ owner: 'org_1', actorId: 'user_1', actor })],
  ])('in `%s` rejects with the error of the store', async (method, change) => {
    const { keys, store, record, token } = await withMethod(method, () => Promise.reject(failure));
    const before = await contentsOf(store);
    expect(await failureOf(() => change(keys, record.id))).toBe(failure);
    expect(await contentsOf(store)).toEqual(before);
    expect((await keys.verify(token)).ok).toBe(true);
  });

  it('is not cut short, as nobody could tell whether it took place', async () => {
    const store = memoryStore();
    const slow: KeyStore = {
      ...store,
      create: async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return store.create(...args);
      },
    };
    const { keys } = setUp({ store: slow, storeTimeoutMs: 10 });
    const { token } = await makeKey(keys);
    expect((await keys.verify(token)).ok).toBe(true);
  });
});
