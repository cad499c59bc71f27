import { systemTiming, type Timing } from './clock.ts';

/** How long attempts are repeated, in milliseconds. */
const PATIENCE_MS = 5000;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 250;

/**
 * Retries `attempt` while `again` returns true for its error, for at most five seconds.
 *
 * Contenders that failed together must not collide again. So each pause is random, between 0 and a span
 * that doubles ("full jitter": Brooker, "Exponential Backoff and Jitter", AWS, 2015).
 */
export async function retrying<Outcome>(
  attempt: () => Promise<Outcome>,
  again: (error: unknown) => boolean | Promise<boolean>,
  timing: Timing = systemTiming,
): Promise<Outcome> {
  const end = timing.monotonicMs() + PATIENCE_MS;
  for (let span = FIRST_PAUSE_MS; ; span = Math.min(2 * span, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (timing.monotonicMs() >= end || !(await again(error))) throw error;
    }
    await pauseUpTo(span, timing);
  }
}

/** Pauses for a random part of the span, so that contenders do not retry in step. */
export function pauseUpTo(spanMs: number, timing: Timing = systemTiming): Promise<void> {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return timing.pause((drawn / 2 ** 32) * spanMs);
}
