import type { ChangeFeed, FeedMember, FeedShard } from '../../change-feed.ts';
import { systemText } from '../../token/random.ts';
import { drawMark, MOST_RECENT } from '../feed-mark.ts';

const SHARD = 0;

/** The change feed of a memory store, with one shard and one epoch. */
export class MemoryFeed implements ChangeFeed {
  readonly #members = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #shard: FeedShard = { shard: SHARD, generation: 0, mark: '0'.repeat(16), recent: [] };
  #watchedMs = 0;
  #drawnEpoch: string | undefined;

  /** Drawn at the first use, so that a start-up snapshot contains no randomness. */
  get #epoch(): string {
    this.#drawnEpoch ??= systemText(22);
    return this.#drawnEpoch;
  }

  /** Counts a committed change, and returns the `watchedMs` of the commit. */
  raise(purged: readonly string[]): number {
    if (purged.length === 0) return this.#watchedMs;
    const { shard, generation, recent } = this.#shard;
    this.#shard = {
      shard,
      generation: generation + purged.length,
      mark: drawMark(),
      recent: [...purged, ...recent].slice(0, MOST_RECENT),
    };
    return this.#watchedMs;
  }

  shardsOf(): readonly number[] {
    return [SHARD];
  }

  async poll(holder: string) {
    const { generation: total, mark: marks } = this.#shard;
    const acked = this.#members.get(holder);
    const poll = { total, marks, epoch: this.#epoch };
    return acked === undefined ? poll : { ...poll, acked };
  }

  async read(seen: ReadonlyMap<number, number>) {
    const isSeen = seen.get(SHARD) === this.#shard.generation;
    return { epoch: this.#epoch, shards: isSeen ? [] : [this.#shard] };
  }

  async acknowledge(holder: string, total: number): Promise<void> {
    this.#members.set(holder, Math.max(this.#members.get(holder) ?? 0, total));
  }

  async leave(holder: string): Promise<void> {
    this.#members.delete(holder);
  }

  async register(leaseMs: number): Promise<void> {
    this.#watchedMs = Math.max(this.#watchedMs, leaseMs);
  }

  async hint(): Promise<void> {
    for (const listener of this.#listeners) queueMicrotask(listener);
  }

  async subscribe(listener: () => void): Promise<() => Promise<void>> {
    const own = () => listener(); // the same listener may subscribe twice and unsubscribe once
    this.#listeners.add(own);
    return async () => {
      this.#listeners.delete(own);
    };
  }

  async readMembers() {
    const members = Array.from(this.#members, ([holder, acked]): FeedMember => ({ holder, acked }));
    const { generation: total } = this.#shard;
    // Members and generations are lost together, so the current epoch is always settled.
    const epoch = this.#epoch;
    return { total, members, maxLeaseMs: this.#watchedMs, epoch, settled: epoch };
  }

  async prune(holders: readonly string[], total: number): Promise<void> {
    for (const holder of holders) {
      if ((this.#members.get(holder) ?? total) < total) this.#members.delete(holder);
    }
  }

  async settle(): Promise<void> {}
}
