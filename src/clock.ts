/** Where the library reads the time: epoch milliseconds. Tests put a manual clock here. */
export interface Clock {
  now(): number;
}

/** The wall clock of the runtime. */
export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds that only ever grow, whatever happens to the wall clock; for measuring spans. */
export function monotonicMs(): number {
  return performance.now();
}
