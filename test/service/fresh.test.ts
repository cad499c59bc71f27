import { digestToken, memoryStore, type RandomSource } from 'keywright';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { actor, contentsOf, failureOf, format, makeKey, newKey, setUp } from '../support.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

/** A source that gives the same bytes each time, as one that was forked or restored does. */
function repeating(): RandomSource {
  const block = crypto.getRandomValues(new Uint8Array(16_384));
  return (bytes) => bytes.set(block);
}

const taken = { status: 'digest_taken' } as const;

describe('a token that another key has', () => {
  it('is drawn again, and leaves the other key unchanged', async () => {
    const store = memoryStore();
    const random = repeating();
    const first = await makeKey(setUp({ store, random }).keys);
    const second = await makeKey(setUp({ store, random }).keys, { owner: 'org_2' });
    expect(second.token).not.toBe(first.token);
    const { keys } = setUp({ store });
    expect(await keys.verify(first.token)).toMatchObject({ principal: { owner: 'org_1' } });
    expect(await keys.verify(second.token)).toMatchObject({ principal: { owner: 'org_2' } });
    expect(await keys.get(first.record.id)).toEqual(first.record);
    const { events } = await contentsOf(store);
    expect(events).toHaveLength(1);
  });

  it('is drawn at most three times, then rejects with digest_taken', async () => {
    const store = memoryStore();
    const random = repeating();
    const { keys } = setUp({ store, random });
    // Three keys, whose tokens the same source will draw next.
    for (let count = 0; count < 3; count++) await makeKey(keys);
    const before = await contentsOf(store);
    const attempts = vi.spyOn(store, 'commit');
    const failure = await failureOf(() => setUp({ store, random }).keys.create(newKey));
    expect(failure).toMatchObject({ code: 'digest_taken' });
    expect(attempts).toHaveBeenCalledTimes(3);
    const digests = attempts.mock.calls.map(([{ added }]) => added[0]?.digest);
    expect(new Set(digests).size).toBe(3);
    expect(await contentsOf(store)).toEqual(before);
  });

  it('succeeds on the third draw', async () => {
    const { keys, store } = setUp();
    const real = store.commit;
    const commit = vi.spyOn(store, 'commit');
    commit.mockResolvedValueOnce(taken).mockResolvedValueOnce(taken);
    commit.mockImplementation(real);
    const { secret, record } = await keys.create(newKey);
    expect(commit).toHaveBeenCalledTimes(3);
    const written = commit.mock.calls.flatMap(([{ added }]) => added);
    expect(new Set(written.map(({ digest }) => digest)).size).toBe(3);
    expect(new Set(written.map(({ id }) => id)).size).toBe(3);
    // What is given is what was written last, and its token is that of no earlier attempt.
    expect(digestToken(secret.reveal())).toBe(written[2]?.digest);
    expect(record.id).toBe(written[2]?.id);
    expect(record.hint).toBe(secret.reveal().slice(0, 13));
    expect((await contentsOf(store)).keys).toHaveLength(1);
  });

  it('is drawn again in a rotation too', async () => {
    const store = memoryStore();
    const random = repeating();
    const first = await makeKey(setUp({ store, random }).keys);
    const { record } = await makeKey(setUp({ store }).keys);
    const rotated = await setUp({ store, random }).keys.rotate(record.id, { actor });
    expect(rotated.secret.reveal()).not.toBe(first.token);
    const { keys } = setUp({ store });
    expect(await keys.verify(first.token)).toMatchObject({
      principal: { keyId: first.record.id },
    });
    expect(await keys.verify(rotated.secret.reveal())).toMatchObject({
      principal: { keyId: rotated.record.id },
    });
  });

  it('is drawn at most three times in a rotation, which then changes nothing', async () => {
    const { keys, store } = setUp();
    const { token, record } = await makeKey(keys);
    const before = await contentsOf(store);
    const commit = vi.spyOn(store, 'commit').mockResolvedValue(taken);
    const failure = await failureOf(() => keys.rotate(record.id, { actor }));
    expect(failure).toMatchObject({ code: 'digest_taken' });
    expect(commit).toHaveBeenCalledTimes(3);
    expect(await contentsOf(store)).toEqual(before);
    expect((await keys.verify(token)).ok).toBe(true);
  });
});

describe('any other failure of the store', () => {
  it.each<[string, unknown]>([
    ['an error', new Error('connection reset')],
    ['an error with another code', Object.assign(new Error('x'), { code: 'ECONNRESET' })],
    ['nothing', undefined],
  ])('is not tried again: %s', async (_, failure) => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys);
    const commit = vi.spyOn(store, 'commit').mockRejectedValue(failure);
    const failed = { code: 'store_unavailable', indeterminate: false };
    const created = (await failureOf(() => keys.create(newKey))) as Error;
    expect(created).toMatchObject(failed);
    expect(created.cause).toBe(failure);
    expect(commit).toHaveBeenCalledTimes(1);
    const rotated = (await failureOf(() => keys.rotate(record.id, { actor }))) as Error;
    expect(rotated).toMatchObject(failed);
    expect(rotated.cause).toBe(failure);
    expect(commit).toHaveBeenCalledTimes(2);
  });
});

describe('a random source that fails', () => {
  it('creates no key and no event until it recovers', async () => {
    const source = { broken: false };
    const random: RandomSource = (bytes) => {
      if (source.broken) throw new Error('EAGAIN');
      return crypto.getRandomValues(bytes);
    };
    const store = memoryStore();
    const { record, token } = await makeKey(setUp({ store }).keys);
    const before = await contentsOf(store);
    source.broken = true;
    const { keys } = setUp({ store, random });
    for (const attempt of [
      () => keys.create(newKey),
      () => keys.rotate(record.id, { actor }),
      () => keys.forOwner('org_1').rotate(record.id, { actor, graceMs: 0 }),
    ]) {
      const failure = await failureOf(attempt);
      expect(failure).toMatchObject({ code: 'random_failed', cause: { message: 'EAGAIN' } });
    }
    expect(await contentsOf(store)).toEqual(before);
    expect((await keys.verify(token)).ok).toBe(true);
    source.broken = false;
    const next = await makeKey(keys);
    expect((await keys.verify(next.token)).ok).toBe(true);
  });

  it('stops every change, as its event needs a salt', async () => {
    const good = crypto.getRandomValues.bind(crypto);
    const random: RandomSource = (bytes) => good(bytes);
    const { createApiKeys, memoryStore: freshStore } = await import('../../src/index.ts');
    const store = freshStore();
    const keys = createApiKeys({ format, environments: ['live'], store, random });
    const failing = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => array);
    expect(await failureOf(() => keys.create(newKey))).toMatchObject({ code: 'random_failed' });
    expect(await contentsOf(store)).toEqual({ keys: [], events: [] });
    failing.mockRestore();
    const { secret } = await keys.create(newKey);
    expect((await keys.verify(secret.reveal())).ok).toBe(true);
    expect((await contentsOf(store)).events).toHaveLength(1);
  });
});
