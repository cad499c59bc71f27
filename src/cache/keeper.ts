import type { ChangeFeed } from '../change-feed.ts';
import type { Timing } from '../clock.ts';
import type { Holder } from './holder.ts';
import type { Lease } from './lease.ts';
import type { Reporter } from './reporter.ts';
import { Unsuitable } from './suitable.ts';

/** Renewals per lease: after one that fails, there is time for two more. */
const RENEWALS = 3;
/** A long lease is renewed more often, so that nearly all of it is left when an outage begins. */
const LONGEST_SPACING_MS = 1000;
/** A renewal that takes longer fails, so that one that hangs does not use up a long lease. */
const RENEWAL_TIMEOUT_MS = 5000;
/** Hints that come faster than this share one renewal. */
const HINT_SPACING_MS = 5;

interface KeeperOptions {
  readonly feed: ChangeFeed;
  readonly holder: Holder;
  readonly lease: Lease;
  readonly leaseMs: number;
  readonly timing: Timing;
  readonly reporter: Reporter;
}

/**
 * Renews the lease while there is traffic: three times a lease, at least once a second, and on each hint.
 * Without traffic, the lease expires, the membership is deleted once, and nothing more is sent.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #spacingMs: number;
  #hasTraffic = false;
  #isAsleep = true;
  #isClosed = false;
  /** The renewal in progress. Responses of an earlier one are ignored. */
  #renewal: Promise<void> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #hintedDuring = false;
  /** When the first hint since the start of the last renewal arrived. */
  #hintedAt: number | undefined;
  #cancelTimer = () => {};
  #cancelHint: (() => void) | undefined;
  #unsubscribe: Promise<(() => Promise<void>) | undefined> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#spacingMs = Math.min(options.leaseMs / RENEWALS, LONGEST_SPACING_MS);
  }

  /** Records traffic. Every look-up calls it, so it must be cheap. */
  touch(): void {
    this.#hasTraffic = true;
    if (this.#isAsleep && !this.#isClosed) this.#wake();
  }

  /** Renews at once; rejects if that fails. */
  async start(): Promise<void> {
    if (this.#isClosed) throw new Error('the cache is closed');
    this.#isAsleep = false;
    this.#hasTraffic = true;
    this.#subscribe();
    this.#scheduleNext();
    await this.#renew().catch((error: unknown) => {
      this.#failed(error);
      throw error;
    });
  }

  /** Renews a live lease soon, as a change has committed somewhere. A hint never starts a lease. */
  hint(): void {
    if (this.#isClosed || this.#isAsleep || !this.#options.lease.isLive()) return;
    this.#hintedAt ??= this.#options.timing.monotonicMs();
    if (this.#renewal !== undefined) {
      this.#hintedDuring = true;
      return;
    }
    const { timing } = this.#options;
    const wait = this.#renewedAt + HINT_SPACING_MS - timing.monotonicMs();
    if (wait <= 0) this.#renewQuietly();
    else this.#cancelHint ??= timing.schedule(wait, () => this.#hintDue());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isAsleep = true;
    await this.#sleep();
  }

  #wake(): void {
    this.start().catch(() => {}); // start() has reported the error
  }

  #hintDue(): void {
    this.#cancelHint = undefined;
    this.hint();
  }

  #renewQuietly(): void {
    this.#renew().catch(this.#failed);
  }

  /** Runs at most one renewal at a time. Responses of one that timed out are ignored (R5). */
  #renew(): Promise<void> {
    if (this.#renewal !== undefined) return this.#renewal;
    const { holder, timing, leaseMs } = this.#options;
    this.#renewedAt = timing.monotonicMs();
    const hintedAt = this.#hintedAt;
    this.#hintedAt = undefined;
    const sinceHintMs = hintedAt === undefined ? undefined : () => timing.monotonicMs() - hintedAt;
    let isOver = false;
    const renewal = new Promise<void>((resolve, reject) => {
      const late = () => finish(new Error('the renewal timed out'));
      const cancel = timing.schedule(Math.min(leaseMs, RENEWAL_TIMEOUT_MS), late);
      const finish = (error?: unknown) => {
        if (isOver) return;
        isOver = true;
        cancel();
        this.#renewal = undefined;
        if (error === undefined) resolve();
        else reject(error);
        this.#afterRenewal();
      };
      holder
        .renew(() => isOver || this.#isAsleep, sinceHintMs)
        .then(
          () => finish(),
          (error: unknown) => finish(error ?? new Error('the renewal failed')),
        );
    });
    this.#renewal = renewal;
    return renewal;
  }

  #afterRenewal(): void {
    if (!this.#hintedDuring) return;
    this.#hintedDuring = false;
    this.hint();
  }

  #scheduleNext(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.timing.schedule(this.#spacingMs, () => this.#tick());
  }

  #tick(): void {
    if (this.#isClosed) return;
    if (!this.#options.lease.isLive()) this.#options.reporter.lost();
    if (this.#hasTraffic) {
      this.#hasTraffic = false;
      this.#scheduleNext();
      this.#renewQuietly();
    } else if (this.#options.lease.isLive()) {
      this.#scheduleNext();
    } else {
      this.#sleep().catch(this.#failed);
    }
  }

  async #sleep(): Promise<void> {
    this.#isAsleep = true;
    this.#cancelTimer();
    this.#cancelHint?.();
    this.#cancelHint = undefined;
    const unsubscribe = this.#unsubscribe;
    this.#unsubscribe = undefined;
    await this.#options.holder.leave();
    await (await unsubscribe)?.();
  }

  /** The subscription only delivers hints, so the cache works without it. */
  #subscribe(): void {
    const { feed } = this.#options;
    this.#unsubscribe ??= feed
      .subscribe?.(() => this.hint())
      .catch((error: unknown) => {
        this.#failed(error);
        return undefined;
      });
  }

  /** Reports the error. Later renewals are still tried, unless the store cannot be cached. */
  readonly #failed = (error: unknown): void => {
    const { reporter } = this.#options;
    reporter.failed(error);
    if (!(error instanceof Unsuitable)) return;
    reporter.refused(error.message);
    this.close().catch(() => {});
  };
}
