import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { generateToken, memoryStore, type StoreFinding } from 'keywright';
import { type CacheEvent, type CacheLookup, cachedStore } from 'keywright/cache';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf, format, newKey } from '../support.ts';
import { countingStore, fleetOf, LEASE_MS, passing, processOn } from './support.ts';

const SEVERAL_PRIMARIES: StoreFinding = {
  code: 'several_primaries',
  severity: 'refuse',
  message: 'there are several primaries',
  remedy: 'use one',
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('ready', () => {
  async function refusedBy(cache: ReturnType<typeof cachedStore>, why: RegExp) {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const failures = [await failureOf(() => cache.ready()), await failureOf(() => cache.ready())];
    expect(failures).toMatchObject([{ code: 'cache_unavailable' }, { code: 'cache_unavailable' }]);
    expect(String(failures[0])).toMatch(why);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toMatch(why);
    warn.mockRestore();
  }

  it('rejects on a store without a change feed, and names those with one', async () => {
    const { changes: _, ...store } = memoryStore();
    const cache = cachedStore(store);
    await refusedBy(cache, /postgresStore/);
    expect(cache.status()).toMatchObject({ isCaching: false, reason: expect.any(String) });
  });

  it('rejects on Workers', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' });
    await refusedBy(cachedStore(memoryStore()), /timers/);
  });

  it('rejects where a setting of the database breaks the promise, and sends nothing more', async () => {
    const { store, feed, sent } = countingStore();
    const inspect = vi.fn(async () => [SEVERAL_PRIMARIES]);
    const { cache, keys } = processOn({ ...store, inspect });
    await refusedBy(cache, /several primaries: use one/);
    expect(inspect).toHaveBeenCalledTimes(1);
    expect(feed.register).not.toHaveBeenCalled();
    const { secret } = await keys.create(newKey);
    const before = sent();
    for (let i = 0; i < 5; i++) {
      expect(await keys.verify(secret.reveal())).toMatchObject({ ok: true });
      await vi.advanceTimersByTimeAsync(LEASE_MS);
    }
    expect(sent()).toBe(before);
    expect(cache.status()).toMatchObject({
      isCaching: false,
      hits: 0,
      reason: expect.stringMatching(/primaries/),
    });
  });

  it('warns of such a setting where nobody waits for it', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { store } = countingStore();
    const { keys } = processOn({ ...store, inspect: async () => [SEVERAL_PRIMARIES] });
    await keys.verify(generateToken(format, 'live'));
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('goes by the feed where the settings cannot be read', async () => {
    const { store } = countingStore();
    const inspect = () => Promise.reject(new Error('permission denied'));
    const { cache } = processOn({ ...store, inspect });
    await cache.ready();
    expect(cache.status().isCaching).toBe(true);
  });

  it('rejects where the feed fails, with its error as the cause', async () => {
    const { store, feed } = countingStore();
    const cause = new Error('standby');
    vi.spyOn(feed, 'poll').mockRejectedValue(cause);
    const cache = cachedStore(store);
    await refusedBy(cache, /no lease/);
    expect(await failureOf(() => cache.ready())).toMatchObject({ cause });
  });

  it('rejects once the cache is closed', async () => {
    const { first } = await fleetOf(1);
    await first.cache.close();
    expect(await failureOf(() => first.cache.ready())).toMatchObject({ code: 'cache_unavailable' });
  });

  it('leaves verification to the store where it rejects', async () => {
    const { changes: _, ...store } = memoryStore();
    const { keys } = processOn(store);
    const { secret } = await keys.create({
      ...{ name: 'a', owner: 'org_1', environment: 'live', actor: { id: 'user_1' } },
    });
    expect(await keys.verify(secret.reveal())).toMatchObject({ ok: true });
  });
});

describe('a process without traffic', () => {
  it('gives its membership back once, and sends nothing more', async () => {
    const { feed, sent } = await fleetOf(1);
    await vi.advanceTimersByTimeAsync(2 * LEASE_MS);
    expect(feed.leave).toHaveBeenCalledTimes(1);
    expect((await feed.readMembers()).members).toEqual([]);
    const before = sent();
    await vi.advanceTimersByTimeAsync(100 * LEASE_MS);
    await feed.hint();
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(sent()).toBe(before + 1);
  });

  it('answers from memory again soon after the next look-up', async () => {
    const { first, token } = await fleetOf(1);
    await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
    expect(first.cache.status()).toMatchObject({ isCaching: false, keys: 0 });
    await first.keys.verify(token);
    await vi.advanceTimersByTimeAsync(1);
    await first.keys.verify(token);
    const { hits } = first.cache.status();
    await first.keys.verify(token);
    expect(first.cache.status()).toMatchObject({ isCaching: true, hits: hits + 1 });
  });
});

describe('a process with traffic', () => {
  it('reads the feed at most four times a second, and writes nothing', async () => {
    const { first, token, feed, sent } = await fleetOf(1);
    const before = sent();
    const polls = vi.mocked(feed.poll).mock.calls.length;
    for (let ms = 0; ms < 10_000; ms += 50) {
      await vi.advanceTimersByTimeAsync(50);
      await first.keys.verify(token);
    }
    const polled = vi.mocked(feed.poll).mock.calls.length - polls;
    expect(polled).toBeGreaterThan(20);
    expect(polled).toBeLessThanOrEqual(40);
    expect(sent() - before).toBe(polled);
  });

  it('answers from memory while its lease lives though the store is down', async () => {
    const { first, token, feed, findByDigest } = await fleetOf(1, { leaseMs: 30_000 });
    for (let ms = 0; ms < 9900; ms += 100) {
      await first.keys.verify(token);
      await vi.advanceTimersByTimeAsync(100);
    }
    const down = new Error('connection refused');
    vi.spyOn(feed, 'poll').mockRejectedValue(down);
    findByDigest.mockRejectedValue(down);
    for (let ms = 0; ms < 25_000; ms += 500) {
      await vi.advanceTimersByTimeAsync(500);
      expect(await first.keys.verify(token)).toMatchObject({ ok: true });
    }
    expect(first.cache.status().lastError).toBe(down);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await first.keys.verify(token)).toMatchObject({
      ok: false,
      reason: 'unavailable',
    });
  });
});

describe('close', () => {
  it('gives the membership back once, and sends nothing after', async () => {
    const { first, feed, sent, token } = await fleetOf(1);
    await Promise.all([first.cache.close(), first.cache.close()]);
    expect(feed.leave).toHaveBeenCalledTimes(1);
    const before = sent();
    await first.keys.verify(token);
    await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
    expect(sent()).toBe(before);
    expect(first.cache.status()).toMatchObject({ isCaching: false, keys: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves the store open', async () => {
    const { first, token } = await fleetOf(1);
    await first.cache.close();
    expect(await first.keys.verify(token)).toMatchObject({ ok: true });
  });
});

describe('events', () => {
  it('tell of leases gained and lost, each once', async () => {
    const { first, token } = await fleetOf(1);
    await vi.advanceTimersByTimeAsync(2 * LEASE_MS);
    expect(first.typesOf()).toEqual(['lease_lost', 'dropped']);
    first.events.length = 0;
    await first.keys.verify(token);
    await vi.advanceTimersByTimeAsync(1);
    expect(first.typesOf()).toEqual(['lease_gained']);
  });

  it('tell of a lease that ran out because renewals failed, and of why', async () => {
    const { first, token, feed } = await fleetOf(1);
    vi.spyOn(feed, 'poll').mockRejectedValue(new Error('down'));
    for (let i = 0; i < 30; i++) {
      await first.keys.verify(token);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(first.typesOf().filter((type) => type === 'lease_lost')).toHaveLength(1);
    expect(first.typesOf()).toContain('failed');
  });

  it('tell how many keys were dropped, and how long after the hint', async () => {
    const { processes, first, record, actor } = await fleetOf(2);
    await passing(first.keys.revoke(record.id, { actor }));
    expect(first.events).toContainEqual({ type: 'dropped', keys: 1 });
    const [event] = processes[1]?.events ?? [];
    expect(event).toEqual({ type: 'dropped', keys: 1, sinceHintMs: expect.any(Number) });
  });

  it('are on the channel keywright:cache too', async () => {
    const seen: unknown[] = [];
    const listen = (message: unknown) => seen.push(message);
    subscribe('keywright:cache', listen);
    const { cache } = processOn(countingStore().store);
    await cache.ready();
    unsubscribe('keywright:cache', listen);
    expect(seen).toEqual([{ type: 'lease_gained' } satisfies CacheEvent]);
  });

  it('of look-ups are on a channel of their own', async () => {
    const { first, token } = await fleetOf(1);
    const publish = vi.spyOn(channel('keywright:cache:lookup'), 'publish');
    await first.keys.verify(token);
    expect(publish).not.toHaveBeenCalled();
    publish.mockRestore();
    const seen: unknown[] = [];
    const listen = (message: unknown) => seen.push(message);
    subscribe('keywright:cache:lookup', listen);
    await first.keys.verify(token);
    await first.keys.verify(`${token.slice(0, -4)}AAAA`);
    unsubscribe('keywright:cache:lookup', listen);
    expect(seen).toEqual([{ type: 'hit' }, { type: 'miss' }] satisfies CacheLookup[]);
  });

  it('go on where the observer throws', async () => {
    const { cache } = processOn(memoryStore(), {
      onEvent() {
        throw new Error('no disk');
      },
    });
    await cache.ready();
    expect(cache.status().isCaching).toBe(true);
  });
});
