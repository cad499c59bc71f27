import type { ChangeFeed } from '../change-feed.ts';
import { systemTiming, type Timing } from '../clock.ts';
import type { Change, ChangeScope, KeyStore } from '../store.ts';
import { Entries } from './entries.ts';
import { Filler } from './filler.ts';
import { Holder } from './holder.ts';
import { Keeper } from './keeper.ts';
import { Lease } from './lease.ts';
import { type CacheOptions, type CacheSettings, settingsOf } from './options.ts';
import { type CacheStatus, Reporter } from './reporter.ts';
import { assertSuitable, whyUnsuitable } from './suitable.ts';

/** A busy store may be slow at first. A store that cannot be cached rejects at the first attempt. */
const READY_ATTEMPTS = 3;

/** A store that answers verifications from memory. */
export interface CachedStore extends KeyStore {
  /**
   * Resolves once the process holds a lease. Rejects with `cache_unavailable` if the store cannot be
   * cached safely, such as one without a change feed, or grants no lease. Look-ups then read the store.
   */
  ready(): Promise<void>;
  /** Returns the state of the cache, for a health page. */
  status(): CacheStatus;
  /** Stops answering from memory and deletes the membership. Does not close the store. */
  close(): Promise<void>;
}

/**
 * Caches the keys of a store in memory. A revoked key is still refused everywhere: a revocation resolves
 * only once no process can answer with the record from before it.
 *
 * @example
 * ```ts
 * const store = cachedStore(postgresStore(pool));
 * await store.ready();
 * const keys = createApiKeys({ format, environments: ['live'], store });
 * ```
 * @throws KeywrightError `invalid_argument` that names the option
 */
export function cachedStore(store: KeyStore, options: CacheOptions = {}): CachedStore {
  return cachedStoreOn(store, settingsOf(options), systemTiming);
}

/** As {@link cachedStore}, with the clocks and timers of the caller. */
export function cachedStoreOn(
  store: KeyStore,
  settings: CacheSettings,
  timing: Timing,
  drawHolder?: () => string,
): CachedStore {
  const reporter = new Reporter(settings.onEvent);
  const reason = whyUnsuitable(store);
  const feed = store.changes;
  if (reason !== undefined || feed === undefined) return uncached(store, reporter, reason);
  const { leaseMs, acknowledge } = settings;
  const entries = new Entries(settings);
  const lease = new Lease(timing, leaseMs);
  const holder = new Holder({
    ...{ feed, entries, lease, leaseMs, acknowledge, reporter },
    assertSuitable: () => assertSuitable(store),
    ...(drawHolder && { drawHolder }),
  });
  const keeper = new Keeper({ feed, holder, lease, leaseMs, timing, reporter });
  const filler = new Filler({ store, entries, holder, lease, timing, reporter });

  /** Drops the keys that this process has changed itself, without waiting for the feed. */
  const changed = ({ owner, purged }: Change) => {
    if (purged.length === 0) return;
    holder.changed(owner, purged);
    keeper.hint();
  };

  return {
    ...delegated(store, feed, changed),
    findByDigest(digest, accepts) {
      if (accepts === undefined) return store.findByDigest(digest);
      keeper.touch();
      return filler.find(digest, accepts);
    },
    async ready() {
      let cause: unknown;
      for (let attempt = 0; attempt < READY_ATTEMPTS; attempt++) {
        cause = await keeper.start().catch((error: unknown) => error);
        if (lease.isLive()) return;
        if (reporter.reason !== undefined) throw reporter.unavailable(reporter.reason);
      }
      throw reporter.unavailable('the store granted no lease', cause);
    },
    status: () =>
      reporter.status({
        isCaching: lease.isLive(),
        leaseLeftMs: lease.leftMs(),
        keys: entries.size,
        ...filler.counts,
      }),
    close: () => keeper.close(),
  };
}

/** A store that cannot be cached: every look-up reads the store. */
function uncached(store: KeyStore, reporter: Reporter, reason: string | undefined): CachedStore {
  const why = reason ?? 'the store has no change feed';
  return {
    ...delegated(store, store.changes, () => {}),
    findByDigest: (digest, accepts) => store.findByDigest(digest, accepts),
    async ready() {
      throw reporter.unavailable(why);
    },
    status: () =>
      reporter.status({
        isCaching: false,
        leaseLeftMs: 0,
        keys: 0,
        hits: 0,
        misses: 0,
        reason: why,
      }),
    async close() {},
  };
}

/** The methods that a cache passes on to its store. Calls `changed` for each committed change. */
function delegated(
  store: KeyStore,
  changes: ChangeFeed | undefined,
  changed: (change: Change) => void,
): Omit<KeyStore, 'findByDigest'> {
  const { listAll, hold, join, inspect, deliveries } = store;
  return {
    find: (ref) => store.find(ref),
    list: (query) => store.list(query),
    listActivity: (query) => store.listActivity(query),
    readChain: (owner, after, limit) => store.readChain(owner, after, limit),
    head: (owner) => store.head(owner),
    recordUsage: (usage) => store.recordUsage(usage),
    view: (query) => store.view(query),
    async commit(change) {
      const result = await store.commit(change);
      if (result.status === 'committed') changed(change);
      return result;
    },
    ...(listAll && { listAll: listAll.bind(store) }),
    ...(hold && {
      async hold(owner, work) {
        const committed: Change[] = [];
        const result = await hold.call(store, owner, (held) => work(recording(held, committed)));
        for (const change of committed) changed(change);
        return result as Awaited<ReturnType<typeof work>>;
      },
    }),
    ...(join && { join: join.bind(store) }),
    ...(inspect && { inspect: inspect.bind(store) }),
    ...(changes && { changes }),
    ...(deliveries && { deliveries }),
  };
}

/** Wraps a scope, and adds each change that it commits to `committed`. */
function recording(scope: ChangeScope, committed: Change[]): ChangeScope {
  return {
    view: (query) => scope.view(query),
    async commit(change) {
      const result = await scope.commit(change);
      if (result.status === 'committed') committed.push(change);
      return result;
    },
  };
}
