import type { FactorAction } from '../record.ts';
import type { Factor, Miss } from './factor.ts';
import { compact, hasDigest, recoveryDigest } from './recovery-codes.ts';
import { stepOf } from './time-step.ts';

/** Waits begin with this many wrong codes that no correct code of the same session has followed. */
const MAX_IN_A_ROW = 5;
/** How long these wrong codes count, so that those of an ended session expire at last. */
const ROW_MS = 30 * 86_400_000;

/** Waits also begin with this many wrong codes within a day, even with correct codes in between. */
const MAX_A_DAY = 20;
const DAY_MS = 86_400_000;

/** Older wrong codes are dropped: the longest wait needs fewer, and the document stays small. */
const MAX_KEPT = 50;

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 86_400_000;

/** The result of presenting a code. */
export type Attempt =
  | { readonly outcome: 'passed'; readonly factor: Factor; readonly action: FactorAction }
  | {
      readonly outcome: 'failed';
      readonly factor: Factor;
      readonly action: FactorAction;
      /** How long further codes are refused; 0 if they are not. */
      readonly waitMs: number;
    }
  /** A code that was used before. It is refused like a wrong code, but does not count as one. */
  | { readonly outcome: 'used' }
  | { readonly outcome: 'blocked'; readonly waitMs: number };

/** A code, and the session that presents it. */
export interface Presented {
  readonly code: string;
  /** The tag of the session; `null` if the application sets no `sessionId`. */
  readonly session: string | null;
}

/** Checks a code of the authenticator or a recovery code, and returns the factor after the attempt. */
export function attempt(factor: Factor, presented: Presented, now: number): Attempt {
  if (now < factor.blockedUntil) return { outcome: 'blocked', waitMs: factor.blockedUntil - now };
  const text = compact(presented.code);
  const isOfAuthenticator = text.length === factor.digits && /^\d+$/.test(text);
  return isOfAuthenticator
    ? tryCode(factor, { ...presented, code: text }, now)
    : tryRecovery(factor, presented, now);
}

/**
 * RFC 6238 §5.2: a code works once. Steps only move forward, so codes of earlier steps are refused too,
 * whatever the clock does.
 */
function tryCode(factor: Factor, { code, session }: Presented, now: number): Attempt {
  const step = stepOf(factor, code, now);
  if (step === undefined) return failed(factor, session, now);
  // A double click presents a code twice, which is not guessing.
  if (step <= factor.usedStep) return { outcome: 'used' };
  return passed({ ...factor, usedStep: step }, session, 'factor.passed');
}

function tryRecovery(factor: Factor, { code, session }: Presented, now: number): Attempt {
  const digest = recoveryDigest(factor, code);
  if (hasDigest(factor.spent, digest)) return { outcome: 'used' };
  if (!hasDigest(factor.recovery, digest)) return failed(factor, session, now);
  const recovery = factor.recovery.filter((kept) => kept !== digest);
  return passed(
    { ...factor, recovery, spent: [...factor.spent, digest] },
    session,
    'factor.recovered',
  );
}

/**
 * A correct code clears only the wrong codes of its own session. Otherwise, each success of the user would
 * help a thief who guesses in another session.
 */
function passed(factor: Factor, session: string | null, action: FactorAction): Attempt {
  const misses = factor.misses.map(
    (miss): Miss => (miss.session === session ? { ...miss, cleared: true } : miss),
  );
  return { outcome: 'passed', factor: { ...factor, misses, blockedUntil: 0 }, action };
}

/**
 * RFC 4226 §7.3: each wrong code beyond the free ones starts a wait twice as long, up to a day. An attacker
 * has 16 tries on the first day and one on each following day, each with a chance of 3 in a million. With
 * the session of a user who keeps succeeding, it is 31 tries a day.
 */
function failed(factor: Factor, session: string | null, now: number): Attempt {
  const misses = [...factor.misses, { at: now, session }]
    .filter(({ at, cleared }) => now - at < (cleared ? DAY_MS : ROW_MS))
    .slice(-MAX_KEPT);
  const inARow = misses.filter(({ cleared }) => !cleared).length;
  const ofTheDay = misses.filter(({ at }) => now - at < DAY_MS).length;
  const over = Math.max(inARow - MAX_IN_A_ROW, ofTheDay - MAX_A_DAY);
  const waitMs = over < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** over, LONGEST_WAIT_MS);
  return {
    outcome: 'failed',
    factor: { ...factor, misses, blockedUntil: waitMs === 0 ? 0 : now + waitMs },
    action: waitMs === 0 ? 'factor.failed' : 'factor.locked',
    waitMs,
  };
}
