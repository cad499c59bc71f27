import type {
  RecoveryCodes,
  SecondFactorFailure,
  SecondFactorOutcome,
} from '../management/step-up.ts';
import type { FactorAction } from '../record.ts';
import { attempt, type Presented } from './attempt.ts';
import { type Factor, isPending } from './factor.ts';
import type { Decision } from './factors.ts';
import { HOUR_MS, MAX_AN_HOUR } from './limits.ts';
import { drawRecoveryCodes, recoveryDigest } from './recovery-codes.ts';

/** The result of presenting a code, and the factor if the code was correct. */
export interface CodeResult<Result> {
  readonly outcome: SecondFactorOutcome<Result>;
  readonly passed?: Factor;
}

/** The effect of a correct code. */
interface Success<Result> {
  readonly result: Result;
  readonly factor: Factor;
  readonly action: FactorAction;
}

/** Completes an enrollment with its first code. */
export function confirm(
  factor: Factor | undefined,
  presented: Presented,
  now: number,
): Decision<CodeResult<RecoveryCodes>> {
  if (factor?.confirmed) return { result: { outcome: failure('already_enrolled') } };
  if (factor === undefined || !isPending(factor, now)) return notEnrolled();
  return tryCode(factor, presented, now, (passed) => {
    const { result, factor: renewed } = withNewCodes({ ...passed, confirmed: true });
    return { result, factor: renewed, action: 'factor.enrolled' };
  });
}

/** Checks a code, and returns `result` if it is correct. */
export function verify<Result>(
  factor: Factor | undefined,
  presented: Presented,
  now: number,
  result: Result,
): Decision<CodeResult<Result>> {
  if (!factor?.confirmed) return notEnrolled();
  return tryCode(factor, presented, now, (passed, action) => ({ result, factor: passed, action }));
}

/** Replaces all recovery codes with new ones. */
export function renew(
  factor: Factor | undefined,
  now: number,
): Decision<SecondFactorOutcome<RecoveryCodes>> {
  if (!factor?.confirmed) return { result: failure('not_enrolled') };
  const earlier = (factor.renewedAt ?? []).filter((at) => now - at < HOUR_MS);
  const [oldest = now] = earlier;
  if (earlier.length >= MAX_AN_HOUR) {
    return { result: failure('too_many_attempts', oldest + HOUR_MS - now) };
  }
  const { result, factor: renewed } = withNewCodes({ ...factor, renewedAt: [...earlier, now] });
  return { result: { ok: true, result }, write: { factor: renewed, action: 'factor.renewed' } };
}

export function disable(
  factor: Factor | undefined,
): Decision<SecondFactorOutcome<Record<never, never>>> {
  if (!factor?.confirmed) return { result: failure('not_enrolled') };
  return {
    result: { ok: true, result: {} },
    write: { factor: undefined, action: 'factor.disabled' },
  };
}

export function failure(error: SecondFactorFailure, waitMs = 0) {
  return { ok: false, error, ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}) } as const;
}

function notEnrolled() {
  return { result: { outcome: failure('not_enrolled') } };
}

function tryCode<Result>(
  factor: Factor,
  presented: Presented,
  now: number,
  succeed: (passed: Factor, action: FactorAction) => Success<Result>,
): Decision<CodeResult<Result>> {
  const tried = attempt(factor, presented, now);
  switch (tried.outcome) {
    case 'passed': {
      const { result, ...write } = succeed(tried.factor, tried.action);
      return { result: { outcome: { ok: true, result }, passed: write.factor }, write };
    }
    case 'failed': {
      const { factor: next, action, waitMs } = tried;
      return {
        result: { outcome: failure('wrong_code', waitMs) },
        write: { factor: next, action },
      };
    }
    case 'used':
      return { result: { outcome: failure('wrong_code') } };
    case 'blocked':
      return { result: { outcome: failure('too_many_attempts', tried.waitMs) } };
  }
}

/** Creates recovery codes, to be shown once, and the factor with their digests. */
function withNewCodes(factor: Factor): { readonly result: RecoveryCodes; readonly factor: Factor } {
  const recoveryCodes = drawRecoveryCodes();
  const recovery = recoveryCodes.map((code) => recoveryDigest(factor, code));
  return { result: { recoveryCodes }, factor: { ...factor, recovery, spent: [] } };
}
