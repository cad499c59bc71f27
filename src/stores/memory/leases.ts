import { monotonicMs } from '../../clock.ts';
import type { ChangeFeed } from '../../store.ts';
import { RATE_MARGIN } from '../rate-margin.ts';

interface Lease {
  readonly seen: number;
  readonly endsAt: number;
}

/** The change feed of a store that lives in one process. */
export class MemoryLeases implements ChangeFeed {
  #generation = 0;
  readonly #leases = new Map<string, Lease>();
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<() => void>();

  async lease(holder: string, seen: number, leaseMs: number): Promise<number> {
    if (seen === this.#generation) {
      const endsAt = monotonicMs() + leaseMs * RATE_MARGIN;
      const before = this.#leases.get(holder);
      // Of two leases within a generation the longer counts: who holds it may go by the first.
      const counts = before?.seen === seen ? Math.max(before.endsAt, endsAt) : endsAt;
      this.#leases.set(holder, { seen, endsAt: counts });
      this.#wake();
    }
    return this.#generation;
  }

  async release(holder: string): Promise<void> {
    this.#leases.delete(holder);
    this.#wake();
  }

  async subscribe(listener: () => void): Promise<() => Promise<void>> {
    const own = () => listener(); // one listener may subscribe twice and leave once
    this.#listeners.add(own);
    return async () => {
      this.#listeners.delete(own);
    };
  }

  /** Raises the generation at once, and resolves when it is settled. */
  turn(): Promise<void> {
    this.#generation++;
    for (const listener of this.#listeners) queueMicrotask(listener);
    return this.settled();
  }

  /** Resolves when no lease of a generation before the present one can still be in use. */
  async settled(): Promise<void> {
    const generation = this.#generation;
    for (let left = this.#longest(generation); left > 0; left = this.#longest(generation)) {
      await this.#pause(left);
    }
  }

  /** Milliseconds until the last lease older than the generation runs out. */
  #longest(generation: number): number {
    const now = monotonicMs();
    let longest = 0;
    for (const [holder, { seen, endsAt }] of this.#leases) {
      if (endsAt <= now) this.#leases.delete(holder);
      else if (seen < generation) longest = Math.max(longest, endsAt - now);
    }
    return longest;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.ceil(ms));
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const done of this.#waiting) done();
  }
}
