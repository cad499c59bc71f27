export { type CachedStore, cachedStore } from './cached-store.ts';
export type { CacheEvent, CacheLookup, OnCacheEvent } from './events.ts';
export type { CacheOptions } from './options.ts';
export type { ProbeReport, RevocationProbe } from './probe-watch.ts';
export type { CacheStatus, LookupCounts } from './reporter.ts';
export {
  type RevocationReport,
  type RevocationWatch,
  type WatchedKeys,
  type WatchRevocationOptions,
  watchRevocation,
} from './watch-revocation.ts';
