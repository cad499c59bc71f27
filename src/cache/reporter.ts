import { builtin } from '../builtin.ts';
import { KeywrightError } from '../errors.ts';
import type { CacheEvent, CacheLookup, OnCacheEvent } from './events.ts';

/** The number of look-ups that were answered from memory, and that read the store. */
export interface LookupCounts {
  readonly hits: number;
  readonly misses: number;
}

/** The state of a cache, for a health page. */
export interface CacheStatus extends LookupCounts {
  /** Whether look-ups are currently answered from memory. */
  readonly isCaching: boolean;
  /** Milliseconds left of the lease; 0 without one. */
  readonly leaseLeftMs: number;
  /** Keys in memory. */
  readonly keys: number;
  /** Why nothing will ever be cached; absent if the store can be cached. */
  readonly reason?: string;
  /** The last error since the lease was last gained; absent if there was none. */
  readonly lastError?: unknown;
}

interface NodeProcess {
  emitWarning?(warning: string, options: { type: string; code: string }): void;
}

const { process } = globalThis as { process?: NodeProcess };

/** Reports the events of a cache to the application. */
export class Reporter {
  readonly #onEvent: OnCacheEvent | undefined;
  readonly #channel = channelOf('keywright:cache');
  readonly #lookups = channelOf('keywright:cache:lookup');
  #hasLease = false;
  #hasWarned = false;
  #lastError: unknown;
  #reason: string | undefined;

  constructor(onEvent: OnCacheEvent | undefined) {
    this.#onEvent = onEvent;
  }

  failed(error: unknown): void {
    this.#lastError = error;
    this.#emit({ type: 'failed', error });
  }

  /** Called when a lease begins that does not continue a live one. */
  gained(): void {
    this.lost(); // reports the end of the former lease, unless it was reported
    this.#hasLease = true;
    this.#lastError = undefined;
    this.#emit({ type: 'lease_gained' });
  }

  /** Called whenever there is no live lease. Reports that once. */
  lost(): void {
    if (!this.#hasLease) return;
    this.#hasLease = false;
    this.#emit({ type: 'lease_lost' });
  }

  dropped(keys: number, sinceHintMs?: number): void {
    if (keys === 0) return;
    this.#emit({ type: 'dropped', keys, ...(sinceHintMs !== undefined && { sinceHintMs }) });
  }

  /** Called for each look-up, so it does nothing without a subscriber. */
  lookup(type: CacheLookup['type']): void {
    if (this.#lookups?.hasSubscribers) this.#lookups.publish({ type } satisfies CacheLookup);
  }

  /** Ignores errors of the listener. */
  #emit(event: CacheEvent): void {
    if (this.#channel?.hasSubscribers) this.#channel.publish(event);
    try {
      this.#onEvent?.(event);
    } catch {}
  }

  /** Why nothing will ever be cached; `undefined` until that is known. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Records that nothing will ever be cached, and warns: few applications await `ready()`. */
  refused(why: string): void {
    this.#reason = why;
    this.unavailable(why);
  }

  /** Creates the error of `ready()`. The first one is also emitted as a process warning. */
  unavailable(why: string, cause?: unknown): KeywrightError {
    const message = `keywright/cache is off: ${why}. Every verification reads the store.`;
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      process?.emitWarning?.(message, { type: 'KeywrightWarning', code: 'cache_unavailable' });
    }
    return new KeywrightError('cache_unavailable', message, cause === undefined ? {} : { cause });
  }

  status(status: Omit<CacheStatus, 'lastError'>): CacheStatus {
    const [reason, lastError] = [this.#reason, this.#lastError];
    return {
      ...status,
      ...(reason !== undefined && { reason }),
      ...(lastError !== undefined && { lastError }),
    };
  }
}

/** A diagnostics channel, if the runtime has them. */
function channelOf(name: string) {
  return builtin('node:diagnostics_channel')?.channel(name);
}
