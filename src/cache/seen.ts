import type { FeedShard } from '../change-feed.ts';

/** The generation and the mark that a holder last read of each shard. */
export class SeenShards {
  readonly generations = new Map<number, number>();
  readonly #marks = new Map<number, string>();

  /** Whether the holder has read the feed since it began, or since {@link forget}. */
  get isKnown(): boolean {
    return this.generations.size > 0;
  }

  get total(): number {
    let total = 0;
    for (const generation of this.generations.values()) total += generation;
    return total;
  }

  /** The exclusive-or of all marks, in the form that the feed returns. */
  get marks(): string {
    let marks = 0n;
    for (const mark of this.#marks.values()) marks ^= BigInt(`0x${mark}`);
    return marks.toString(16).padStart(16, '0');
  }

  set({ shard, generation, mark }: FeedShard): void {
    this.generations.set(shard, generation);
    this.#marks.set(shard, mark);
  }

  forget(): void {
    this.generations.clear();
    this.#marks.clear();
  }
}
