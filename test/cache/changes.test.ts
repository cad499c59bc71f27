import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fleetOf, LEASE_MS, passing } from './support.ts';

const WAIT_MS = 1.25 * LEASE_MS;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a revocation', () => {
  it('resolves once every process has dropped the key, long before a lease has run out', async () => {
    const { processes, first, record, token, actor } = await fleetOf(3);
    const begin = performance.now();
    const { effect } = await passing(first.keys.revoke(record.id, { actor }));
    expect(performance.now() - begin).toBeLessThan(LEASE_MS / 10);
    expect(effect).toMatchObject({ acknowledged: 3, timedOut: 0 });
    for (const { cache, keys } of processes) {
      expect(cache.status().keys).toBe(0);
      expect(await keys.verify(token)).toMatchObject({ ok: false, reason: 'revoked' });
    }
  });

  it('waits for 1.25 leases where a process does not answer, and only the first time', async () => {
    const { processes, first, record, actor, feed } = await fleetOf(2);
    let silent: string | undefined;
    vi.mocked(feed.acknowledge).mockImplementation((holder, total) => {
      silent ??= holder;
      if (holder === silent) return new Promise(() => {}); // a connection that hangs
      return Object.getPrototypeOf(feed).acknowledge.call(feed, holder, total);
    });
    const other = await first.keys.create({
      name: 'b',
      owner: 'org_1',
      environment: 'live',
      actor,
    });
    const begin = performance.now();
    const { effect } = await passing(first.keys.revoke(record.id, { actor }));
    expect(performance.now() - begin).toBeGreaterThanOrEqual(WAIT_MS);
    expect(effect).toMatchObject({ acknowledged: 1, timedOut: 1 });
    const caching = processes.filter(({ cache }) => cache.status().isCaching);
    expect(caching.length).toBeLessThan(2);
    const again = performance.now();
    await passing(first.keys.revoke(other.record.id, { actor }));
    expect(performance.now() - again).toBeLessThan(LEASE_MS / 10);
  });

  it('drops the key at once in its own process where it does not wait', async () => {
    const { processes, first, record, token, actor } = await fleetOf(2);
    const { effect } = await first.keys.revoke(record.id, { actor, wait: 'commit' });
    expect(effect.effectiveAt).toBeUndefined();
    expect(effect.effectiveBy).toBe(Date.now() + WAIT_MS);
    expect(await first.keys.verify(token)).toMatchObject({ ok: false, reason: 'revoked' });
    await vi.advanceTimersByTimeAsync(WAIT_MS);
    expect(await processes[1]?.keys.verify(token)).toMatchObject({ ok: false, reason: 'revoked' });
  });

  it('drops the keys of revokeAll, which the store makes while it holds the owner', async () => {
    const { first, token, actor } = await fleetOf(1);
    await first.keys.revokeAll({ owner: 'org_1', actor, wait: 'commit' });
    expect(first.cache.status().keys).toBe(0);
    expect(await first.keys.verify(token)).toMatchObject({ ok: false, reason: 'revoked' });
  });

  it('drops no other key', async () => {
    const { processes, first, token, findByDigest, actor } = await fleetOf(2);
    const { record } = await first.keys.create({
      ...{ name: 'b', owner: 'org_1', environment: 'live', actor },
    });
    await passing(first.keys.revoke(record.id, { actor }));
    for (const { keys } of processes) await keys.verify(token);
    expect(findByDigest).not.toHaveBeenCalled();
  });

  it('drops all keys that depend on the shard where more changed than the feed lists', async () => {
    const fleet = await fleetOf(2);
    const { processes, first, actor, token, findByDigest } = fleet;
    const many = Array.from({ length: 40 }, (_, i) => ({
      ...{ name: `${i}`, owner: 'org_2', environment: 'live' as const, actor },
    }));
    for (const key of many) await first.keys.create(key);
    await passing(first.keys.revokeAll({ owner: 'org_2', actor }));
    await processes[1]?.keys.verify(token);
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });
});

describe('caches that do not acknowledge', () => {
  it('make every revocation wait for 1.25 leases', async () => {
    const { processes, first, record, token, actor } = await fleetOf(3, { acknowledge: false });
    const begin = performance.now();
    const { effect } = await passing(first.keys.revoke(record.id, { actor }));
    expect(performance.now() - begin).toBeGreaterThanOrEqual(WAIT_MS);
    expect(effect).toMatchObject({ acknowledged: 0, timedOut: 1 });
    for (const { keys } of processes) expect(await keys.verify(token)).toMatchObject({ ok: false });
  });

  it('leave the member that they share when they are closed', async () => {
    const { processes, feed } = await fleetOf(2, { acknowledge: false });
    await processes[0]?.cache.close();
    expect((await feed.readMembers()).members).toMatchObject([{ holder: '*' }]);
  });
});

describe('the change feed', () => {
  it('makes a process drop everything where it lost a change', async () => {
    const { first, token, feed, findByDigest } = await fleetOf(1);
    const epoch = 'after the failover';
    vi.mocked(feed.poll).mockImplementation(async (holder) => {
      const poll = await Object.getPrototypeOf(feed).poll.call(feed, holder);
      return { ...poll, epoch };
    });
    await first.keys.verify(token);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(first.cache.status()).toMatchObject({ isCaching: false, keys: 0 });
    await first.keys.verify(token);
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });

  it('is asked once for hints that come together', async () => {
    const { first, feed, token } = await fleetOf(1);
    await first.keys.verify(token);
    await vi.advanceTimersByTimeAsync(10);
    vi.mocked(feed.poll).mockClear();
    for (let i = 0; i < 50; i++) await feed.hint();
    await vi.advanceTimersByTimeAsync(4);
    expect(feed.poll).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(feed.poll).toHaveBeenCalledTimes(2);
  });
});
