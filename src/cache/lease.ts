import type { Timing } from '../clock.ts';

/** Readings of both clocks at one moment. */
export interface Moment {
  readonly mono: number;
  readonly wall: number;
}

/** The span in which a process may answer from memory. */
export class Lease {
  readonly #timing: Timing;
  readonly #leaseMs: number;
  #begin: Moment = { mono: Number.NEGATIVE_INFINITY, wall: 0 };

  constructor(timing: Timing, leaseMs: number) {
    this.#timing = timing;
    this.#leaseMs = leaseMs;
  }

  /** Read before the poll is sent: the lease that it grants begins at this moment (R1). */
  now(): Moment {
    return { mono: this.#timing.monotonicMs(), wall: this.#timing.wallMs() };
  }

  grant(begin: Moment): void {
    this.#begin = begin;
  }

  end(): void {
    this.#begin = { mono: Number.NEGATIVE_INFINITY, wall: 0 };
  }

  /**
   * R6: computed at every hit and not kept as a flag, so that a process that was stopped does not answer
   * before its timers run. The wall clock counts too, because only it continues while a machine sleeps.
   *
   * @param now the monotonic clock, if the caller has read it in the same turn of the event loop
   */
  isLive(now: number = this.#timing.monotonicMs()): boolean {
    const { mono, wall } = this.#begin;
    if (now - mono >= this.#leaseMs) return false;
    const elapsed = this.#timing.wallMs() - wall;
    return elapsed >= 0 && elapsed < this.#leaseMs;
  }

  /** Milliseconds left by the monotonic clock; 0 if the lease has ended. */
  leftMs(): number {
    return Math.max(0, this.#begin.mono + this.#leaseMs - this.#timing.monotonicMs());
  }
}
