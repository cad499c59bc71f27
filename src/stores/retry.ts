import { monotonicMs } from '../clock.ts';

/** For so long a transaction is run again, in milliseconds. */
const PATIENCE_MS = 5000;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 250;

/**
 * Runs `attempt` again after a failure that `again` calls transient, for at most five seconds.
 *
 * Contenders that failed together must not meet again, so each pause is drawn from the whole of
 * a span that doubles ("full jitter": Brooker, "Exponential Backoff and Jitter", AWS, 2015).
 */
export async function retrying<Outcome>(
  attempt: () => Promise<Outcome>,
  again: (error: unknown) => boolean | Promise<boolean>,
): Promise<Outcome> {
  const end = monotonicMs() + PATIENCE_MS;
  for (let span = FIRST_PAUSE_MS; ; span = Math.min(2 * span, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (monotonicMs() >= end || !(await again(error))) throw error;
    }
    await pause(fraction() * span);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function fraction(): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn / 2 ** 32;
}
