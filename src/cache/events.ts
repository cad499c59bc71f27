/** An event that a cache reports to `onEvent`, and on Node's diagnostics channel `keywright:cache`. */
export type CacheEvent =
  /** The process may answer from memory from now on. */
  | { readonly type: 'lease_gained' }
  /** The process reads every look-up from the store until it gains a lease again. */
  | { readonly type: 'lease_lost' }
  /**
   * Records were dropped because they, or others of their shard, changed. `sinceHintMs` is the time since
   * the hint of the change arrived; absent if a renewal found the change without a hint.
   */
  | { readonly type: 'dropped'; readonly keys: number; readonly sinceHintMs?: number }
  /** A renewal, or the subscription to changes, failed. It is retried. */
  | { readonly type: 'failed'; readonly error: unknown };

/** One look-up, only on Node's diagnostics channel `keywright:cache:lookup`. */
export interface CacheLookup {
  /** `hit`: answered from memory. `miss`: read from the store. */
  readonly type: 'hit' | 'miss';
}

/** Receives the events of a cache. Errors that it throws are ignored. */
export type OnCacheEvent = (event: CacheEvent) => void;
