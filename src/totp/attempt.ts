import type { FactorAction } from '../record.ts';
import type { Factor } from './factor.ts';
import { compact, hasDigest, recoveryDigest } from './recovery-codes.ts';
import { stepOf } from './time-step.ts';

/** Wrong codes that are free of a wait. */
const MAX_FAILURES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 86_400_000;

/** What comes of a code that is presented. */
export type Attempt =
  | { readonly outcome: 'passed'; readonly factor: Factor; readonly action: FactorAction }
  | {
      readonly outcome: 'failed';
      readonly factor: Factor;
      readonly action: FactorAction;
      /** How long no further code is looked at; 0 where one is. */
      readonly waitMs: number;
    }
  /** Known, and used before: refused as any other, and not counted. */
  | { readonly outcome: 'used' }
  | { readonly outcome: 'blocked'; readonly waitMs: number };

/** Looks at a code, of the authenticator or for recovery, and says what the factor is after it. */
export function attempt(factor: Factor, code: string, now: number): Attempt {
  if (now < factor.blockedUntil) return { outcome: 'blocked', waitMs: factor.blockedUntil - now };
  const text = compact(code);
  const isOfAuthenticator = text.length === factor.digits && /^\d+$/.test(text);
  return isOfAuthenticator ? tryCode(factor, text, now) : tryRecovery(factor, code, now);
}

/**
 * RFC 6238 §5.2: a code is good once. Steps only ever go forward, so that none before the latest is
 * good either, whatever the clock does.
 */
function tryCode(factor: Factor, code: string, now: number): Attempt {
  const step = stepOf(factor, code, now);
  if (step === undefined) return failed(factor, now);
  // Two clicks at once present one code twice. Who does that is no guesser.
  if (step <= factor.usedStep) return { outcome: 'used' };
  return passed({ ...factor, usedStep: step }, 'factor.passed');
}

function tryRecovery(factor: Factor, code: string, now: number): Attempt {
  const digest = recoveryDigest(factor, code);
  if (hasDigest(factor.spent, digest)) return { outcome: 'used' };
  if (!hasDigest(factor.recovery, digest)) return failed(factor, now);
  const recovery = factor.recovery.filter((kept) => kept !== digest);
  return passed({ ...factor, recovery, spent: [...factor.spent, digest] }, 'factor.recovered');
}

function passed(factor: Factor, action: FactorAction): Attempt {
  return { outcome: 'passed', factor: { ...factor, failures: 0, blockedUntil: 0 }, action };
}

/**
 * RFC 4226 §7.3: from the fifth failure in a row on, each begins a wait twice as long, up to a day.
 * Who guesses has 16 tries on the first day and one on each that follows, each good for 3 in a million.
 */
function failed(factor: Factor, now: number): Attempt {
  const failures = factor.failures + 1;
  const over = failures - MAX_FAILURES;
  const waitMs = over < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** over, LONGEST_WAIT_MS);
  return {
    outcome: 'failed',
    factor: { ...factor, failures, blockedUntil: waitMs === 0 ? 0 : now + waitMs },
    action: waitMs === 0 ? 'factor.failed' : 'factor.locked',
    waitMs,
  };
}
