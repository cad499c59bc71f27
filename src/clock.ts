/** The source of the current time. Tests pass a manual clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** The wall clock of the runtime. */
export const systemClock: Clock = { now: () => Date.now() };

/** Rounds a clock down to whole milliseconds of at least 0, the only times that stores keep. */
export function wholeClock(clock: Clock): Clock {
  return { now: () => Math.max(0, Math.floor(clock.now())) };
}

/** Milliseconds that never go back, even if the wall clock does. Use them to measure durations. */
export function monotonicMs(): number {
  return performance.now();
}

/** Resolves after `ms`, and keeps the process alive until then. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The clocks and timers that leases use. A simulation passes its own. */
export interface Timing {
  /** Milliseconds that never go back. */
  monotonicMs(): number;
  /** Epoch milliseconds, which may jump forward or back. */
  wallMs(): number;
  /** Calls `callback` after `ms` without keeping the process alive. The returned function cancels it. */
  schedule(ms: number, callback: () => void): () => void;
  /** Resolves after `ms`, and keeps the process alive until then. */
  pause(ms: number): Promise<void>;
}

/** The clocks and timers of the runtime. */
export const systemTiming: Timing = {
  monotonicMs,
  wallMs: () => Date.now(),
  schedule(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref?.(); // edge runtimes return a number
    return () => clearTimeout(timer);
  },
  pause,
};
