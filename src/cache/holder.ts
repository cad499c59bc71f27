import type { ChangeFeed, FeedPoll, FeedShard } from '../change-feed.ts';
import { SHARED } from '../rules/barrier.ts';
import { systemText } from '../token/random.ts';
import type { Entries } from './entries.ts';
import type { Lease, Moment } from './lease.ts';
import type { Reporter } from './reporter.ts';
import { SeenShards } from './seen.ts';

interface HolderOptions {
  readonly feed: ChangeFeed;
  readonly entries: Entries;
  readonly lease: Lease;
  readonly leaseMs: number;
  readonly acknowledge: boolean;
  readonly reporter: Reporter;
  /** Rejects with `Unsuitable` if the store must never be cached. */
  readonly assertSuitable: () => Promise<void>;
  readonly drawHolder?: () => string;
}

/** The most rounds of one renewal. A round that follows a change, or acknowledges one, needs another. */
const MAX_ROUNDS = 20;

/**
 * One member of the fleet: follows the change feed, drops changed records, and renews its lease.
 *
 * Rule numbers are those of the protocol in `docs/guide/fleet.md`.
 */
export class Holder {
  readonly #options: HolderOptions;
  readonly #seen = new SeenShards();
  /** The `moveNo` at which each shard was last seen to change. */
  readonly #lastMove = new Map<number, number>();
  readonly #drawHolder: () => string;
  #id: string;
  #epoch: string | undefined;
  #isRegistered = false;
  #moveNo = 0;

  constructor(options: HolderOptions) {
    this.#options = options;
    this.#drawHolder = options.drawHolder ?? (() => systemText(22));
    this.#id = this.#newId();
  }

  /** Increases whenever changes were seen. A read that began before may have returned an old record. */
  get moveNo(): number {
    return this.#moveNo;
  }

  /** R8: whether a record of the owner may be cached, if `moveNo` was `began` when its read began. */
  mayKeep(owner: string, began: number): boolean {
    const { feed } = this.#options;
    if (!this.#seen.isKnown) return false;
    return feed.shardsOf(owner).every((shard) => (this.#lastMove.get(shard) ?? 0) <= began);
  }

  /** Drops keys whose change this process has just committed itself. */
  changed(owner: string, ids: readonly string[]): void {
    this.#moveNo++;
    for (const shard of this.#options.feed.shardsOf(owner)) {
      this.#lastMove.set(shard, this.#moveNo);
    }
    this.#options.reporter.dropped(this.#options.entries.dropIds(ids));
  }

  /**
   * Renews the lease, after dropping changed keys and acknowledging the changes.
   *
   * @param isGivenUp whether the caller has stopped waiting: later responses are then ignored (R5)
   * @param sinceHintMs the time since the hint that caused this renewal; absent without a hint
   */
  async renew(isGivenUp: () => boolean, sinceHintMs?: () => number): Promise<void> {
    const { lease, feed } = this.#options;
    if (sinceHintMs !== undefined && this.#epoch !== undefined) {
      // A hint replaces the poll, which spares the waiting change one round trip.
      await this.#follow(this.#epoch, isGivenUp, sinceHintMs);
    }
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!this.#isRegistered) await this.#register(isGivenUp);
      if (isGivenUp()) return;
      const begin = lease.now(); // R1: before the poll is sent
      const poll = await feed.poll(this.#id);
      if (isGivenUp()) return;
      if (this.#hasLost(poll)) this.#startAgain();
      else if (poll.total !== this.#seen.total || !this.#seen.isKnown) {
        await this.#follow(poll.epoch, isGivenUp, sinceHintMs);
      } else if (this.#mustAcknowledge(poll)) {
        await this.#acknowledge(); // R4: the lease is granted in a later round, which reads this
      } else {
        this.#grant(begin);
        return;
      }
      if (isGivenUp()) return;
    }
  }

  #grant(begin: Moment): void {
    const { lease, reporter } = this.#options;
    const wasLive = lease.isLive();
    lease.grant(begin);
    if (!wasLive) reporter.gained();
  }

  /** Stops answering from memory and deletes the membership. */
  async leave(): Promise<void> {
    this.#options.lease.end();
    // Takes a new id first. A late acknowledgement with the old id may add that member again, and must
    // not count for the next lease.
    const id = this.#id;
    const wasRegistered = this.#isRegistered;
    this.#startAgain();
    if (wasRegistered && id !== SHARED) await this.#options.feed.leave(id);
  }

  /** R15: makes commits report that a cache watches, before this process caches anything. */
  async #register(isGivenUp: () => boolean): Promise<void> {
    const { feed, leaseMs, assertSuitable } = this.#options;
    await assertSuitable();
    await feed.register(leaseMs);
    if (!isGivenUp()) this.#isRegistered = true;
  }

  /**
   * R17: whether a failover or a restore lost changes, or may have lost them. If one change took the count
   * of a lost one, the marks differ. If two did, only the epoch shows it.
   */
  #hasLost({ epoch, total, marks }: FeedPoll): boolean {
    if (this.#epoch === undefined || !this.#seen.isKnown) return false;
    if (epoch !== this.#epoch) return true;
    const seen = this.#seen.total;
    return total < seen || (total === seen && marks !== this.#seen.marks);
  }

  #startAgain(): void {
    const { lease, entries, reporter } = this.#options;
    lease.end();
    reporter.lost();
    reporter.dropped(entries.clear());
    this.#seen.forget();
    this.#lastMove.clear();
    this.#moveNo++;
    this.#epoch = undefined;
    this.#isRegistered = false;
    this.#id = this.#newId();
  }

  /** Drops the keys that have changed since the last read, then acknowledges the changes. */
  async #follow(
    epoch: string,
    isGivenUp: () => boolean,
    sinceHintMs?: () => number,
  ): Promise<void> {
    const { generations } = this.#seen;
    const { epoch: present, shards } = await this.#options.feed.read(generations);
    if (isGivenUp()) return;
    const wentBack = ({ shard, generation }: FeedShard) =>
      generation < (generations.get(shard) ?? 0);
    if (present !== epoch || shards.some(wentBack)) return this.#startAgain(); // R17
    if (shards.length === 0) return;
    this.#epoch = epoch;
    this.#moveNo++;
    let dropped = 0;
    for (const shard of shards) dropped += this.#dropChanged(shard);
    this.#options.reporter.dropped(dropped, sinceHintMs?.());
    await this.#acknowledge(); // R3: only now
  }

  #dropChanged(shard: FeedShard): number {
    const { entries, feed } = this.#options;
    const risen = shard.generation - (this.#seen.generations.get(shard.shard) ?? 0);
    this.#lastMove.set(shard.shard, this.#moveNo);
    this.#seen.set(shard);
    if (risen <= shard.recent.length) {
      return entries.dropIds(shard.recent.slice(0, risen)); // R2
    }
    return entries.dropWhere(({ owner }) => feed.shardsOf(owner).includes(shard.shard));
  }

  #mustAcknowledge({ acked, total }: FeedPoll): boolean {
    return this.#options.acknowledge ? acked !== total : acked === undefined;
  }

  async #acknowledge(): Promise<void> {
    const { feed, leaseMs } = this.#options;
    await feed.acknowledge(this.#id, this.#seen.total, leaseMs);
  }

  /** Never returns a used id, so that a late acknowledgement cannot count for another holder. */
  #newId(): string {
    return this.#options.acknowledge ? this.#drawHolder() : SHARED;
  }
}
