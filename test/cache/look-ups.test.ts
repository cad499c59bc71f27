import { memoryStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf, newKey, wrong } from '../support.ts';
import { countingStore, fleetOf, LEASE_MS, passing, processOn } from './support.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a look-up', () => {
  it('is answered from memory once the store has answered it', async () => {
    const { first, token, findByDigest } = await fleetOf(1);
    const { hits } = first.cache.status();
    expect(await first.keys.verify(token)).toMatchObject({ ok: true });
    expect(findByDigest).not.toHaveBeenCalled();
    expect(first.cache.status()).toMatchObject({ isCaching: true, hits: hits + 1, keys: 1 });
  });

  it('answers a hit without a promise', async () => {
    const { first, record, store } = await fleetOf(1);
    const stored = await store.find({ id: record.id });
    expect(first.cache.findByDigest(stored?.digest ?? '', () => true)).toMatchObject({
      id: record.id,
    });
  });

  it('reads the store where the caller names no judgement', async () => {
    const { first, record, store, findByDigest } = await fleetOf(1);
    const stored = await store.find({ id: record.id });
    await first.cache.findByDigest(stored?.digest ?? '');
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });

  it('asks the store about every refusal', async () => {
    const { first, token, record, findByDigest, actor } = await fleetOf(1);
    const unknown = `${token.slice(0, -4)}AAAA`;
    await first.keys.verify(unknown);
    await first.keys.verify(unknown);
    expect(findByDigest).toHaveBeenCalledTimes(2);
    await passing(first.keys.revoke(record.id, { actor }));
    await first.keys.verify(token);
    await first.keys.verify(token);
    expect(findByDigest).toHaveBeenCalledTimes(4);
    expect(first.cache.status().keys).toBe(0);
  });

  it('asks the store about a key of another environment, however often it is presented', async () => {
    const { first, findByDigest } = await fleetOf(1);
    const { secret } = await first.keys.create({ ...newKey, environment: 'test' });
    for (let i = 0; i < 3; i++) await first.keys.verify(secret.reveal());
    expect(findByDigest).toHaveBeenCalledTimes(3);
  });

  it('refuses a key in memory from the moment at which it expires', async () => {
    const { first, findByDigest } = await fleetOf(1, { leaseMs: 10_000 });
    const expiresAt = Date.now() + 3000;
    const { secret } = await first.keys.create({ ...newKey, expiresAt });
    const token = secret.reveal();
    await first.keys.verify(token);
    findByDigest.mockClear();
    vi.setSystemTime(expiresAt - 1);
    expect(await first.keys.verify(token)).toMatchObject({ ok: true });
    expect(findByDigest).not.toHaveBeenCalled();
    vi.setSystemTime(expiresAt);
    expect(await first.keys.verify(token)).toMatchObject({ ok: false, reason: 'expired' });
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });

  it('shares one read of the store among look-ups of one key', async () => {
    const { first, findByDigest } = await fleetOf(1);
    const { secret } = await first.keys.create(newKey);
    const results = await Promise.all(
      Array.from({ length: 10 }, () => first.keys.verify(secret.reveal())),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });

  it('shares no read that found no key', async () => {
    const { first, token, findByDigest } = await fleetOf(1);
    const unknown = `${token.slice(0, -4)}AAAA`;
    await Promise.all([first.keys.verify(unknown), first.keys.verify(unknown)]);
    expect(findByDigest).toHaveBeenCalledTimes(2);
  });

  it('does not keep a record whose read began before a change was seen', async () => {
    const { first, findByDigest, store, actor } = await fleetOf(1);
    const { secret } = await first.keys.create(newKey);
    const fresh = await first.keys.verify(secret.reveal());
    const id = fresh.ok ? fresh.principal.keyId : '';
    const digest = (await store.find({ id }))?.digest ?? '';
    await first.keys.update(id, { name: 'renamed' }, { actor, wait: 'commit' });
    const before = await store.find({ id });
    let answer = (_: unknown) => {};
    findByDigest.mockImplementationOnce(
      () => new Promise((resolve) => (answer = resolve as never)),
    );
    const late = first.cache.findByDigest(digest, () => true);
    await first.keys.revoke(id, { actor, wait: 'commit' });
    answer(before);
    expect(await late).toMatchObject({ id });
    expect(await first.keys.verify(secret.reveal())).toMatchObject({ reason: 'revoked' });
  });

  it('gives every caller metadata that it cannot change for the next', async () => {
    const { first } = await fleetOf(1);
    const { secret } = await first.keys.create({ ...newKey, metadata: { plan: { seats: 5 } } });
    const verified = async () => {
      const result = await first.keys.verify(secret.reveal());
      if (!result.ok) throw new Error(result.reason);
      return result.principal;
    };
    await verified();
    const { metadata } = await verified();
    Object.assign((metadata as { plan: object }).plan, { seats: 500 });
    expect((await verified()).metadata).toEqual({ plan: { seats: 5 } });
  });
});

describe('memory', () => {
  it('holds at most maxKeys, and drops the one that was used least recently', async () => {
    const { first, token, findByDigest } = await fleetOf(1, { maxKeys: 2 });
    const others = [await first.keys.create(newKey), await first.keys.create(newKey)];
    const [second, third] = others.map(({ secret }) => secret.reveal()) as [string, string];
    await first.keys.verify(second);
    await first.keys.verify(token);
    await first.keys.verify(third);
    expect(first.cache.status().keys).toBe(2);
    findByDigest.mockClear();
    await first.keys.verify(token);
    expect(findByDigest).not.toHaveBeenCalled();
    await first.keys.verify(second);
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });

  it('uses a record for maxAgeMs at most, however often it is read', async () => {
    const { first, token, findByDigest } = await fleetOf(1, { maxAgeMs: 500 });
    for (let passed = 0; passed < 400; passed += 100) {
      await vi.advanceTimersByTimeAsync(100);
      await first.keys.verify(token);
    }
    expect(findByDigest).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    await first.keys.verify(token);
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });

  it('answers nothing once the wall clock has stepped either way', async () => {
    for (const step of [-3_600_000, 3_600_000]) {
      const { first, token, findByDigest } = await fleetOf(1);
      vi.setSystemTime(Date.now() + step);
      expect(await first.keys.verify(token)).toMatchObject({ ok: true });
      expect(findByDigest).toHaveBeenCalledTimes(1);
    }
  });
});

describe('an option', () => {
  it.each([
    ['leaseMs', 99],
    ['leaseMs', 300_001],
    ['leaseMs', 1.5],
    ['maxKeys', 0],
    ['maxAgeMs', 0],
    ['maxAgeMs', '1000'],
    ['acknowledge', 1],
    ['onEvent', 'log'],
    ['lease', 1000],
  ])('%s: %j is refused, by its name', async (name, value) => {
    const failure = await failureOf(() => cachedStore(memoryStore(), wrong({ [name]: value })));
    expect(failure).toMatchObject({ code: 'invalid_argument' });
    expect(String(failure)).toContain(name);
  });
});

it('counts reads of the store that look-ups share as misses', async () => {
  const { store } = countingStore();
  const { cache, keys } = processOn(store, { leaseMs: LEASE_MS });
  await cache.ready();
  const { secret } = await keys.create(newKey);
  await Promise.all([keys.verify(secret.reveal()), keys.verify(secret.reveal())]);
  expect(cache.status()).toMatchObject({ hits: 0, misses: 2 });
});
