import type { ChainHead } from '../record.ts';

/** The most owners that are remembered: 10,000 heads take about 2 MB. */
const MAX_OWNERS = 10_000;

/**
 * Remembers the head of each owner after the last commit of this process, so that a creation needs no
 * read before its commit. If another process has moved the head since, that commit is only stale.
 */
export class KnownHeads {
  readonly #heads = new Map<string, ChainHead>();

  get(owner: string): ChainHead | undefined {
    return this.#heads.get(owner);
  }

  set(owner: string, head: ChainHead): void {
    this.#heads.delete(owner); // so that the oldest entry is the one that changed least recently
    this.#heads.set(owner, head);
    if (this.#heads.size <= MAX_OWNERS) return;
    const [oldest] = this.#heads.keys();
    if (oldest !== undefined) this.#heads.delete(oldest);
  }

  delete(owner: string): void {
    this.#heads.delete(owner);
  }
}
