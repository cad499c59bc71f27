import type { ShownKey } from './api.ts';
import { DAY_MS, MINUTE_MS } from './time.ts';

/** Whether the old key of a rotation is still in use, as its times of use show. */
export interface Evidence {
  /**
   * `used`: used after the rotation, and recently. `early`: not used since the rotation, which is too
   * recent to decide. `unproven`: the old key is quiet, but the new one has not been used. `quiet`: the old
   * key is quiet, and the new one has been used.
   */
  readonly finding: 'used' | 'early' | 'unproven' | 'quiet';
  /** When the old key was last used, or the rotation if that was later. */
  readonly since: number;
  /** When the old key has been quiet for long enough. */
  readonly decidedAt: number;
}

const MIN_QUIET_MS = 10 * MINUTE_MS;
const MAX_QUIET_MS = 7 * DAY_MS;

/**
 * @param now the current time of the service, whose clock sets the times of use
 * @param lateMs how late a time of last use can be
 */
export function evidenceOf(
  { lastUsedAt, replacedAt = 0 }: Pick<ShownKey, 'lastUsedAt' | 'replacedAt'>,
  successor: Pick<ShownKey, 'lastUsedAt'> | undefined,
  now: number,
  lateMs: number,
): Evidence {
  const since = Math.max(lastUsedAt ?? 0, replacedAt);
  // A key that was used an hour before the rotation may be used once an hour.
  const gap = Math.abs(replacedAt - (lastUsedAt ?? replacedAt));
  const decidedAt = since + Math.min(Math.max(gap, MIN_QUIET_MS), MAX_QUIET_MS) + lateMs;
  if (now < decidedAt) {
    return { finding: since > replacedAt ? 'used' : 'early', since, decidedAt };
  }
  const finding = successor?.lastUsedAt === undefined ? 'unproven' : 'quiet';
  return { finding, since, decidedAt };
}
