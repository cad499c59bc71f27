import { createApiKeys, type KeyStore, memoryStore } from 'keywright';
import { type CacheEvent, type CacheOptions, cachedStore } from 'keywright/cache';
import type { ChangeFeed } from 'keywright/store-kit';
import { vi } from 'vitest';
import { actor, format, newKey } from '../support.ts';

export const LEASE_MS = 1000;

/** A store that answers look-ups with a promise, as databases do, and counts what it is asked. */
export function countingStore(store: KeyStore = memoryStore()) {
  const feed = store.changes as ChangeFeed;
  const members = ['poll', 'read', 'acknowledge', 'leave', 'register', 'hint'] as const;
  const sent = Object.fromEntries(members.map((name) => [name, vi.spyOn(feed, name)]));
  const findByDigest = vi.fn(async (digest: string) => store.findByDigest(digest));
  return {
    store: { ...store, findByDigest } satisfies KeyStore,
    feed,
    findByDigest,
    /** How often the feed was asked for anything. */
    sent: () => Object.values(sent).reduce((sum, { mock }) => sum + mock.calls.length, 0),
  };
}

/** A process: a service over a cache of its own before a store that it may share. */
export function processOn(store: KeyStore, options: CacheOptions = {}) {
  const events: CacheEvent[] = [];
  const cache = cachedStore(store, {
    leaseMs: LEASE_MS,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const keys = createApiKeys({ format, environments: ['live'], store: cache, refusalMs: 0 });
  return { cache, keys, events, typesOf: () => events.map(({ type }) => type) };
}

/** Processes over one store, with a key that each has in memory. */
export async function fleetOf(size: number, options: CacheOptions = {}) {
  const counting = countingStore();
  const processes = Array.from({ length: size }, () => processOn(counting.store, options));
  const [first] = processes as [ReturnType<typeof processOn>, ...typeof processes];
  for (const { cache } of processes) await cache.ready();
  const { secret, record } = await first.keys.create(newKey);
  const token = secret.reveal();
  for (const { keys } of processes) await keys.verify(token);
  counting.findByDigest.mockClear();
  for (const { events } of processes) events.length = 0;
  return { ...counting, processes, first, token, record, actor };
}

/** The outcome of work under fake timers, which are moved on until there is one. */
export async function passing<Result>(work: Promise<Result>): Promise<Result> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  for (let ms = 0; !isOver && ms < 10_000; ms++) await vi.advanceTimersByTimeAsync(1);
  return work;
}
