import { memoryStore } from 'keywright';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureOf, makeKey, START, setUp } from '../support.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A service with keys, and a spy on what is written of their use. */
async function withKeys(count: number, options: Parameters<typeof setUp>[0] = {}) {
  const service = setUp({ usageFlushMs: 3_600_000, ...options });
  const recorded = vi.spyOn(service.store, 'recordUsage');
  const made: { id: string; token: string }[] = [];
  for (let index = 0; index < count; index++) {
    const { token, record } = await makeKey(service.keys);
    made.push({ id: record.id, token });
  }
  const lastUsed = async (index = 0) => (await service.keys.get(made[index]?.id ?? ''))?.lastUsedAt;
  return { ...service, made, recorded, lastUsed, first: made[0] ?? { id: '', token: '' } };
}

describe('lastUsedAt', () => {
  it('is absent before the first use, and written by a flush', async () => {
    const { keys, first, lastUsed, time, recorded } = await withKeys(1);
    expect('lastUsedAt' in ((await keys.get(first.id)) ?? {})).toBe(false);
    time.now = START + 1000;
    await keys.verify(first.token);
    expect(recorded).not.toHaveBeenCalled();
    expect(await lastUsed()).toBeUndefined();
    await keys.flush();
    expect(await lastUsed()).toBe(START + 1000);
  });

  it('is set by successes, not by refusals', async () => {
    const { keys, first, recorded } = await withKeys(1);
    await keys.revoke(first.id, { actor: { id: 'user_1' } });
    await keys.verify(first.token);
    await keys.authenticate(`Bearer ${first.token}`);
    const { token } = await makeKey(keys);
    await keys.authenticate(`Bearer ${token}`, { scopes: ['write'] });
    await keys.flush();
    expect(recorded).not.toHaveBeenCalled();
    await keys.authenticate(`Bearer ${token}`);
    await keys.flush();
    expect(recorded).toHaveBeenCalledTimes(1);
  });

  it('takes one entry a key and one write a flush', async () => {
    const { keys, made, recorded, time } = await withKeys(3);
    for (let round = 0; round < 50; round++) {
      time.now = START + round;
      for (const { token } of made) await keys.verify(token);
    }
    await keys.flush();
    expect(recorded.mock.calls).toEqual([[new Map(made.map(({ id }) => [id, START + 49]))]]);
    await keys.flush();
    expect(recorded).toHaveBeenCalledTimes(1);
  });

  it('is written a thousand keys at a time', async () => {
    const { keys, made, recorded } = await withKeys(2500);
    for (const { token } of made) await keys.verify(token);
    await keys.flush();
    expect(recorded.mock.calls.map(([batch]) => batch.size)).toEqual([1000, 1000, 500]);
    const written = recorded.mock.calls.flatMap(([batch]) => [...batch.keys()]);
    expect(new Set(written)).toEqual(new Set(made.map(({ id }) => id)));
  });

  it('leaves no event', async () => {
    const { keys, first } = await withKeys(1);
    await keys.verify(first.token);
    await keys.flush();
    expect((await keys.activity({ owner: 'org_1' })).items).toHaveLength(1);
  });

  it('only moves forward, over flushes', async () => {
    const { keys, first, lastUsed, time } = await withKeys(1);
    for (const [now, expected] of [
      [START + 500, START + 500],
      [START + 100, START + 500],
      [START + 600, START + 600],
    ] as const) {
      time.now = now;
      await keys.verify(first.token);
      await keys.flush();
      expect(await lastUsed()).toBe(expected);
    }
  });

  it('only moves forward, between flushes', async () => {
    const { keys, first, lastUsed, time } = await withKeys(1);
    for (const now of [START + 500, START + 100]) {
      time.now = now;
      await keys.verify(first.token);
    }
    await keys.flush();
    expect(await lastUsed()).toBe(START + 500);
  });

  it('only moves forward, among services on one store', async () => {
    const store = memoryStore();
    const { keys, first, lastUsed, time } = await withKeys(1, { store });
    const late = setUp({ store });
    late.time.now = START + 900;
    time.now = START + 100;
    await keys.verify(first.token);
    await late.keys.verify(first.token);
    await late.keys.flush();
    await keys.flush();
    expect(await lastUsed()).toBe(START + 900);
  });
});

describe('a flush', () => {
  it('runs by itself after `usageFlushMs`, once for all noted uses', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { keys, first, recorded, time } = await withKeys(1, { usageFlushMs: 10_000 });
    await keys.verify(first.token);
    await vi.advanceTimersByTimeAsync(9999);
    time.now = START + 5;
    await keys.verify(first.token);
    expect(recorded).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(recorded.mock.calls).toEqual([[new Map([[first.id, START + 5]])]]);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(recorded).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
    await keys.verify(first.token);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(recorded).toHaveBeenCalledTimes(2);
  });

  it('runs after ten seconds by default', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { keys, store } = setUp();
    const { token } = await makeKey(keys);
    const recorded = vi.spyOn(store, 'recordUsage');
    await keys.verify(token);
    await vi.advanceTimersByTimeAsync(9999);
    expect(recorded).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(recorded).toHaveBeenCalledTimes(1);
  });

  it('delays no verification', async () => {
    const { keys, first, recorded } = await withKeys(1);
    const writing = Promise.withResolvers<void>();
    recorded.mockReturnValueOnce(writing.promise);
    await keys.verify(first.token);
    const flushed = keys.flush();
    await expect.poll(() => recorded).toHaveBeenCalled();
    expect((await keys.verify(first.token)).ok).toBe(true);
    writing.resolve();
    await flushed;
    expect(recorded).toHaveBeenCalledTimes(1);
    await keys.flush();
    expect(recorded).toHaveBeenCalledTimes(2);
  });

  it('waits for the flush before', async () => {
    const { keys, first, recorded, time } = await withKeys(1);
    const writing = Promise.withResolvers<void>();
    recorded.mockReturnValueOnce(writing.promise);
    await keys.verify(first.token);
    const before = keys.flush();
    await expect.poll(() => recorded).toHaveBeenCalled();
    time.now = START + 5;
    await keys.verify(first.token);
    const after = keys.flush();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(recorded).toHaveBeenCalledTimes(1);
    writing.resolve();
    await Promise.all([before, after]);
    expect(recorded.mock.calls[1]).toEqual([new Map([[first.id, START + 5]])]);
  });

  it('writes nothing if no key was used', async () => {
    const { keys, recorded } = await withKeys(1);
    await keys.flush();
    await keys.close();
    expect(recorded).not.toHaveBeenCalled();
  });

  it('skips a key that is gone', async () => {
    const { keys, store, first, lastUsed } = await withKeys(1);
    await keys.verify(first.token);
    await store.recordUsage(new Map([['key_unknown', START]]));
    await keys.flush();
    expect(await lastUsed()).toBe(START);
  });
});

describe('close', () => {
  it('flushes, and notes no use from then on', async () => {
    const { keys, first, recorded, time, lastUsed } = await withKeys(1);
    await keys.verify(first.token);
    await keys.close();
    expect(await lastUsed()).toBe(START);
    time.now = START + 1000;
    expect((await keys.verify(first.token)).ok).toBe(true);
    await keys.flush();
    await keys.close();
    expect(recorded).toHaveBeenCalledTimes(1);
    expect(await lastUsed()).toBe(START);
  });

  it('leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { keys, first } = await withKeys(1);
    await keys.verify(first.token);
    expect(vi.getTimerCount()).toBe(1);
    await keys.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves the store open', async () => {
    const { keys } = await withKeys(1);
    await keys.close();
    expect((await keys.list({ owner: 'org_1' })).items).toHaveLength(1);
    await makeKey(keys);
  });

  it('rejects if the store does, and can be retried', async () => {
    const { keys, first, recorded, lastUsed } = await withKeys(1);
    const failure = new Error('connection reset');
    recorded.mockRejectedValueOnce(failure);
    await keys.verify(first.token);
    expect(await failureOf(() => keys.close())).toBe(failure);
    await keys.close();
    expect(await lastUsed()).toBe(START);
  });
});
