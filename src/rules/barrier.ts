import type { ChangeFeed, FeedMember, FeedMembers } from '../change-feed.ts';
import { type Clock, systemTiming, type Timing } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import { changeFailure } from './bounded-change.ts';
import { SharedRead } from './shared-read.ts';

/** When a change takes effect in every process, and how many caches it waited for. */
export interface ChangeEffect {
  /** Epoch milliseconds at which it was in effect everywhere; absent if the call did not wait for that. */
  readonly effectiveAt?: number;
  /** Epoch milliseconds by which it takes effect everywhere, if the call did not wait for that. */
  readonly effectiveBy?: number;
  /** The number of caches that acknowledged the change. */
  readonly acknowledged: number;
  /** The number of caches that did not. The change waited until their leases had expired. */
  readonly timedOut: number;
}

/** A change waits 1.25 times the length of a lease: slewed clocks differ by up to 10% (R12). */
const RATE_MARGIN = 1.25;
/** Members are read again after a quarter of the wait so far, so that little time is wasted. */
const POLL_SHARE = 0.25;
const SHORTEST_POLL_MS = 1;
const LONGEST_POLL_MS = 40;
/** For the first read of the members. If it takes longer, only the clock decides (R12). */
const READ_TIMEOUT_MS = 2000;
/** For writes that only spare later changes a wait. */
const TIDY_TIMEOUT_MS = 1000;
/** The longest lease that a cache may have. */
export const LONGEST_LEASE_MS = 300_000;
/** The member that stands for all caches that do not acknowledge. */
export const SHARED = '*';

/** Makes a committed change wait until no cache can serve the records from before it. */
export class Barrier {
  readonly #feed: ChangeFeed;
  readonly #clock: Clock;
  readonly #timing: Timing;
  /** A round that has not begun to read the members. Every change that has committed by now may share it. */
  #next: Promise<ChangeEffect> | undefined;
  readonly #members: SharedRead<FeedMembers>;

  constructor(feed: ChangeFeed, clock: Clock, timing: Timing = systemTiming) {
    this.#feed = feed;
    this.#clock = clock;
    this.#timing = timing;
    this.#members = new SharedRead(() => {
      if (this.#next !== undefined) this.#hint();
      this.#next = undefined; // a change that commits from now on needs a later read
      return feed.readMembers();
    });
  }

  /**
   * @param watchedMs what the commit returned; `undefined` if there was nothing to commit, because
   * another process committed the change before
   * @param waitMs the longest wait; 0 only sends a hint, and returns when the change takes effect
   */
  async pass(watchedMs: number | undefined, waitMs: number): Promise<ChangeEffect> {
    if (watchedMs === 0) return effectiveAt(this.#clock);
    const begin = this.#timing.monotonicMs();
    if (waitMs === 0) {
      this.#hint();
      return this.#effectiveBy(begin, watchedMs ?? (await this.#freshMembers()).maxLeaseMs);
    }
    this.#next ??= this.#round(watchedMs);
    if (waitMs === Number.POSITIVE_INFINITY) return this.#next;
    const round = this.#next;
    return new Promise((resolve, reject) => {
      const late = () => resolve(this.#effectiveBy(begin, watchedMs ?? LONGEST_LEASE_MS));
      const cancel = this.#timing.schedule(waitMs, late);
      round.then(resolve, reject).finally(cancel);
    });
  }

  /** By then, every lease that began before the commit has expired, even if its holder is gone. */
  #effectiveBy(begin: number, leaseMs: number): ChangeEffect {
    const left = begin + leaseMs * RATE_MARGIN - this.#timing.monotonicMs();
    const effectiveBy = this.#clock.now() + Math.max(0, Math.ceil(left));
    return { effectiveBy, acknowledged: 0, timedOut: 0 };
  }

  async #round(watchedMs: number | undefined): Promise<ChangeEffect> {
    const read = await this.#freshMembers().catch((error: unknown) => {
      // The change has committed. If the length of leases is known, waiting replaces the read (R12).
      if (watchedMs === undefined) throw error;
      return undefined;
    });
    const begin = this.#timing.monotonicMs(); // R11: read only after that response
    if (read === undefined) {
      await this.#pauseUntil(begin + (watchedMs ?? 0) * RATE_MARGIN);
      return effectiveAt(this.#clock);
    }
    return this.#await(read, begin + read.maxLeaseMs * RATE_MARGIN);
  }

  async #freshMembers(): Promise<FeedMembers> {
    try {
      return await withDeadline(this.#members.fresh(), READ_TIMEOUT_MS);
    } catch (error) {
      throw changeFailure(error);
    }
  }

  async #await(read: FeedMembers, end: number) {
    const { total, members, epoch, settled } = read;
    let open: readonly FeedMember[] = members.filter((member) => isOpen(member, total));
    const begin = this.#timing.monotonicMs();
    for (let now = begin; open.length > 0 && now < end; now = this.#timing.monotonicMs()) {
      const span = Math.max(SHORTEST_POLL_MS, POLL_SHARE * (now - begin));
      await this.#timing.pause(Math.min(span, LONGEST_POLL_MS, end - now));
      open = await this.#stillOpen(open, read, end - this.#timing.monotonicMs());
    }
    if (open.length > 0) await this.#prune(open, total);
    if (settled !== epoch) {
      // R13: a failover may have lost members. Their leases have expired by then.
      await this.#pauseUntil(end);
      await withDeadline(this.#feed.settle(epoch), TIDY_TIMEOUT_MS).catch(() => {});
    }
    const timedOut = open.length;
    return { ...effectiveAt(this.#clock), acknowledged: members.length - timedOut, timedOut };
  }

  /** Reads which members are still open. A failover may have lost some, so all count as open then (R13). */
  async #stillOpen(
    open: readonly FeedMember[],
    { total, epoch: first }: FeedMembers,
    leftMs: number,
  ): Promise<readonly FeedMember[]> {
    try {
      const { members, epoch } = await withDeadline(this.#members.latest(), Math.max(leftMs, 1));
      if (epoch !== first) return open;
      const stillOpen = new Set(members.filter((member) => isOpen(member, total)).map(holderOf));
      return open.filter(({ holder }) => stillOpen.has(holder));
    } catch {
      return open;
    }
  }

  /** R14: spares the next change the wait for holders that are gone or suspended. */
  async #prune(open: readonly FeedMember[], total: number): Promise<void> {
    const holders = open.map(holderOf).filter((holder) => holder !== SHARED);
    await withDeadline(this.#feed.prune(holders, total), TIDY_TIMEOUT_MS).catch(() => {});
  }

  async #pauseUntil(end: number): Promise<void> {
    const left = () => end - this.#timing.monotonicMs();
    while (left() > 0) await this.#timing.pause(left());
  }

  #hint(): void {
    this.#feed.hint().catch(() => {});
  }
}

/** Whether a member may still serve records from before the change that led to `total`. */
function isOpen({ holder, acked }: FeedMember, total: number): boolean {
  return holder === SHARED || acked < total;
}

function holderOf({ holder }: FeedMember): string {
  return holder;
}

/** The effect of a change that is in effect everywhere by now. */
export function effectiveAt(clock: Clock): ChangeEffect {
  return { effectiveAt: clock.now(), acknowledged: 0, timedOut: 0 };
}
