/** Where the library reads the time: epoch milliseconds. Tests put a manual clock here. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** The wall clock of the runtime. */
export const systemClock: Clock = { now: () => Date.now() };

/** The clock in whole milliseconds from the epoch on, which is what stores hold. */
export function wholeClock(clock: Clock): Clock {
  return { now: () => Math.max(0, Math.floor(clock.now())) };
}

/** Milliseconds that only ever grow, whatever happens to the wall clock; for measuring spans. */
export function monotonicMs(): number {
  return performance.now();
}
