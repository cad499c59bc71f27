/** What happens at a moment of virtual time. */
interface Happening {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Virtual time and seeded chance: the same seed gives the same run. */
export class Scheduler {
  #now = 0;
  #order = 0;
  readonly #heap: Happening[] = [];
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 1) >>> 0;
  }

  /** Milliseconds of virtual time. */
  get now(): number {
    return this.#now;
  }

  /** Counts what has happened, so that things at one moment have an order too. */
  tick(): number {
    return this.#order++;
  }

  /** From 0 up to 1, by Mulberry32. */
  chance(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 15), word | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.chance() * (high - low);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.chance() * items.length)] as Item;
  }

  /** @returns a function that calls it off */
  after(ms: number, run: () => void): () => void {
    // At least a microsecond: a remainder too small to move the clock would come again for ever.
    const happening = { at: this.#now + Math.max(0.001, ms), order: this.tick(), run };
    this.#push(happening);
    return () => {
      const index = this.#heap.indexOf(happening);
      if (index >= 0) this.#heap[index] = { ...happening, run: () => {} };
    };
  }

  /** Runs what is due up to a moment, each with all that it sets off. */
  async runUntil(end: number): Promise<void> {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.at > end) break;
      this.#pop();
      this.#now = next.at;
      next.run();
      await settle();
    }
    this.#now = end;
  }

  #push(happening: Happening): void {
    const heap = this.#heap;
    let at = heap.push(happening) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(heap[at], heap[above])) break;
      this.#swap(at, above);
      at = above;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (isBefore(heap[left], heap[least])) least = left;
      if (isBefore(heap[right], heap[least])) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b] as Happening, heap[a] as Happening];
  }
}

function isBefore(one: Happening | undefined, two: Happening | undefined): boolean {
  if (one === undefined || two === undefined) return false;
  return one.at < two.at || (one.at === two.at && one.order < two.order);
}

/** Every promise that can resolve by now has resolved: microtasks run before the next macrotask. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
