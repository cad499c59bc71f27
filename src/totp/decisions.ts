import type {
  RecoveryCodes,
  SecondFactorFailure,
  SecondFactorOutcome,
} from '../management/step-up.ts';
import type { FactorAction } from '../record.ts';
import { attempt } from './attempt.ts';
import { type Factor, isPending } from './factor.ts';
import type { Decision } from './factors.ts';
import { drawRecoveryCodes, recoveryDigest } from './recovery-codes.ts';

/** What a code came to: the answer, and the factor that was passed with it, if it was. */
export interface Tried<Result> {
  readonly outcome: SecondFactorOutcome<Result>;
  readonly passed?: Factor;
}

/** What a right code leads to, beside what it makes of the factor by itself. */
interface Success<Result> {
  readonly result: Result;
  readonly factor: Factor;
  readonly action: FactorAction;
}

/** A first code completes an enrollment. */
export function confirm(
  factor: Factor | undefined,
  code: string,
  now: number,
): Decision<Tried<RecoveryCodes>> {
  if (factor?.confirmed) return { result: { outcome: failure('already_enrolled') } };
  if (factor === undefined || !isPending(factor, now)) return notEnrolled();
  return tried(factor, code, now, (passed) => {
    const { result, factor: renewed } = withNewCodes({ ...passed, confirmed: true });
    return { result, factor: renewed, action: 'factor.enrolled' };
  });
}

/** A code, and `result` if it is right. */
export function verify<Result>(
  factor: Factor | undefined,
  code: string,
  now: number,
  result: Result,
): Decision<Tried<Result>> {
  if (!factor?.confirmed) return notEnrolled();
  return tried(factor, code, now, (passed, action) => ({ result, factor: passed, action }));
}

/** New recovery codes, in the place of all that there were. */
export function renew(factor: Factor | undefined): Decision<SecondFactorOutcome<RecoveryCodes>> {
  if (!factor?.confirmed) return { result: failure('not_enrolled') };
  const { result, factor: renewed } = withNewCodes(factor);
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

function tried<Result>(
  factor: Factor,
  code: string,
  now: number,
  succeed: (passed: Factor, action: FactorAction) => Success<Result>,
): Decision<Tried<Result>> {
  const tried = attempt(factor, code, now);
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

/** The codes, to be shown once, and the factor that has their digests. */
function withNewCodes(factor: Factor): { readonly result: RecoveryCodes; readonly factor: Factor } {
  const recoveryCodes = drawRecoveryCodes();
  const recovery = recoveryCodes.map((code) => recoveryDigest(factor, code));
  return { result: { recoveryCodes }, factor: { ...factor, recovery, spent: [] } };
}
