import type { Clock } from '../clock.ts';
import { invalid } from '../errors.ts';
import { START } from './fixtures.ts';

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves the clock by this many milliseconds, back if negative, and returns the new time.
   *
   * @throws KeywrightError `invalid_argument` unless the new time is a whole number from 0 on.
   */
  advance(ms: number): number;
  /**
   * Sets the clock to a moment in epoch milliseconds, earlier or later, and returns it.
   *
   * @throws KeywrightError `invalid_argument` unless it is a whole number from 0 on.
   */
  set(ms: number): number;
}

/**
 * Creates a clock for tests.
 *
 * @param start epoch milliseconds; default 2026-01-01T00:00:00Z
 * @throws KeywrightError `invalid_argument` unless `start` is a whole number from 0 on.
 *
 * @example
 * ```ts
 * const clock = manualClock();
 * const keys = createApiKeys({ format, store: memoryStore(), clock });
 * clock.advance(60_000);
 * ```
 */
export function manualClock(start = START): ManualClock {
  let now = checked('start', start);
  return {
    now: () => now,
    advance(ms) {
      now = checked('ms', now + ms);
      return now;
    },
    set(ms) {
      now = checked('ms', ms);
      return now;
    },
  };
}

function checked(argument: string, ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw invalid(argument, 'must result in a time in whole epoch milliseconds, from 0 on');
  return ms;
}
