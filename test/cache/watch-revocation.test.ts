import { createApiKeys, type KeyStore, memoryStore } from 'keywright';
import {
  cachedStore,
  type RevocationReport,
  type WatchRevocationOptions,
  watchRevocation,
} from 'keywright/cache';
import type { VerifiableKey } from 'keywright/store-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf, format, wrong } from '../support.ts';
import { passing } from './support.ts';

const EVERY_MS = 10_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A process that keeps every record that it was ever given for `keepMs`. */
function sabotaged(store: KeyStore, keepMs: number): KeyStore {
  const kept = new Map<string, { key: VerifiableKey; until: number }>();
  return {
    ...store,
    async findByDigest(digest) {
      const known = kept.get(digest);
      if (known !== undefined && performance.now() < known.until) return known.key;
      const key = await store.findByDigest(digest);
      if (key !== undefined) kept.set(digest, { key, until: performance.now() + keepMs });
      return key;
    },
  };
}

/** A watch over a cached process and those of the given stores. */
async function watching(
  others: (store: KeyStore) => Record<string, KeyStore> = () => ({}),
  options: Partial<WatchRevocationOptions<object>> = {},
) {
  const store = memoryStore();
  const cache = cachedStore(store);
  await cache.ready();
  const serviceOn = (one: KeyStore) =>
    createApiKeys({ format, environments: ['live'], store: one, refusalMs: 0 });
  const keys = serviceOn(cache);
  const tokens: string[] = [];
  const probes = Object.fromEntries(
    Object.entries({ cached: cache as KeyStore, ...others(store) }).map(([name, one]) => {
      const service = serviceOn(one);
      const probe = async (token: string) => {
        tokens.push(token);
        return (await service.verify(token)).ok;
      };
      return [name, probe];
    }),
  );
  const reports: RevocationReport[] = [];
  const watch = watchRevocation(keys, {
    ...{ key: { owner: 'watch', environment: 'live' }, everyMs: EVERY_MS },
    ...{ probes, onReport: (report) => reports.push(report) },
    ...options,
  });
  return { watch, reports, keys, tokens };
}

describe('watchRevocation', () => {
  it('reports that a revoked key is refused everywhere', async () => {
    const { watch, reports, keys } = await watching();
    const report = await passing(watch.check());
    expect(report).toMatchObject({
      ...{ ok: true, revokeMs: expect.any(Number) },
      effect: { acknowledged: 1, timedOut: 0 },
      probes: [{ name: 'cached', accepted: 0, acceptedForMs: 0 }],
    });
    expect(report.probes[0]?.asked).toBeGreaterThan(10);
    expect(reports).toEqual([report]);
    const { items } = await keys.list({ owner: 'watch' });
    expect(items).toMatchObject([{ id: report.keyId, revokedAt: expect.any(Number) }]);
    await watch.close();
  });

  it('reports one sabotaged process within two periods, and for how long it accepts', async () => {
    const keepMs = 400;
    const { watch, reports } = await watching((store) => ({ bad: sabotaged(store, keepMs) }));
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS);
    const [report] = reports;
    expect(report).toMatchObject({ ok: false, probes: [{ accepted: 0 }, { name: 'bad' }] });
    const { accepted, acceptedForMs } = report?.probes[1] ?? { accepted: 0, acceptedForMs: 0 };
    expect(accepted).toBeGreaterThan(1);
    expect(acceptedForMs).toBeGreaterThan(keepMs / 2);
    expect(acceptedForMs).toBeLessThanOrEqual(keepMs);
    await passing(watch.close());
  });

  it('runs a round in every period, with a key of its own each', async () => {
    const { watch, reports, tokens } = await watching();
    await vi.advanceTimersByTimeAsync(3.5 * EVERY_MS);
    expect(reports).toHaveLength(3);
    expect(new Set(tokens).size).toBe(3);
    await watch.close();
    await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
    expect(reports).toHaveLength(3);
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1); // the cache's own
  });

  it('joins a round that is running', async () => {
    const { watch, reports } = await watching();
    await passing(Promise.all([watch.check(), watch.check()]));
    expect(reports).toHaveLength(1);
    await watch.close();
  });

  it('reports a probe that fails, and one that refuses a good key', async () => {
    const cause = new Error('answered 503');
    const { watch } = await watching(undefined, {
      probes: { failing: () => Promise.reject(cause), refusing: async () => false },
    });
    const { ok, probes } = await passing(watch.check());
    expect(ok).toBe(false);
    expect(probes).toMatchObject([
      { name: 'failing', error: cause },
      { name: 'refusing', error: { message: 'the key was refused before it was revoked' } },
    ]);
    await watch.close();
  });

  it('is not held up by a probe that never answers', async () => {
    const { watch } = await watching(undefined, { probes: { dead: () => new Promise(() => {}) } });
    const report = watch.check();
    await vi.advanceTimersByTimeAsync(19_000);
    const { probes } = await report;
    expect(String(probes[0]?.error)).toContain('did not answer');
    await watch.close();
  });

  it('reports what the service fails with', async () => {
    const error = new Error('down');
    const create = () => Promise.reject(error);
    const { keys } = await watching();
    const watch = watchRevocation(
      { ...keys, create },
      {
        ...{ key: { owner: 'watch', environment: 'live' }, onReport: () => {} },
        probes: { one: async () => true },
      },
    );
    expect(await watch.check()).toMatchObject({ ok: false, error });
    await watch.close();
  });

  it('revokes its key before it closes, and goes on where the observer throws', async () => {
    const { watch, keys } = await watching(undefined, {
      onReport() {
        throw new Error('no disk');
      },
    });
    const round = watch.check();
    await passing(Promise.all([watch.close(), round]));
    const { items } = await keys.list({ owner: 'watch' });
    expect(items).toMatchObject([{ revokedAt: expect.any(Number) }]);
  });

  it.each([
    ['everyMs', 999],
    ['watchMs', 0],
    ['watchMs', 300_001],
    ['probes', {}],
    ['probes', { one: 'https://api.example.com' }],
    ['onReport', undefined],
    ['key', undefined],
    ['every', 1000],
  ])('refuses %s: %j, by its name', async (name, value) => {
    const { keys } = await watching();
    const good = {
      ...{ key: { owner: 'watch', environment: 'live' }, onReport: () => {} },
      probes: { one: async () => true },
    };
    const failure = await failureOf(() => watchRevocation(keys, wrong({ ...good, [name]: value })));
    expect(failure).toMatchObject({ code: 'invalid_argument' });
    expect(String(failure)).toContain(name);
  });
});
