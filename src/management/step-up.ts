import { hasCode, invalid } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { Refusal } from './refusal.ts';
import type { Session } from './session.ts';

type MaybePromise<Value> = Value | Promise<Value>;

/** What a second factor stands before: keys that come, go or show a token, and the factor itself. */
export type GuardedAction =
  | 'create'
  | 'rotate'
  | 'revoke'
  | 'enroll'
  | 'recovery-codes'
  | 'disable';

/** Whether an action may go on. */
export type StepUpVerdict =
  | { readonly ok: true }
  /** `challenge` goes to the page as it is: what it needs to ask for a code. */
  | { readonly ok: false; readonly challenge: JsonObject };

/** What the page is told of a user's second factor. */
export interface SecondFactorStatus {
  readonly enrolled: boolean;
  /** How many recovery codes are left, where there are such. */
  readonly recoveryCodesLeft?: number;
}

/** A call of `POST /api/second-factor/…`. */
export interface SecondFactorCall {
  /** Its body has been read; the headers are there for a session of the step-up's own. */
  readonly request: Request;
  readonly session: Session;
}

/** A call that presents a code: of the authenticator, or a recovery code. */
export interface CodeCall extends SecondFactorCall {
  readonly code: string;
}

/** Why an operation on a second factor failed. */
export type SecondFactorFailure =
  | 'wrong_code'
  | 'too_many_attempts'
  | 'not_enrolled'
  | 'already_enrolled';

/** What became of an operation on a second factor. */
export type SecondFactorOutcome<Result> =
  | {
      readonly ok: true;
      readonly result: Result;
      /** Headers for the answer, such as the cookie of a step-up that has been passed. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly ok: false;
      readonly error: SecondFactorFailure;
      /** Milliseconds until another attempt is looked at. */
      readonly retryAfterMs?: number;
    };

/** A secret to enroll with, shown this once. */
export interface Enrollment {
  /** In base32, for typing. */
  readonly secret: string;
  /** The `otpauth:` address that the QR code holds. */
  readonly uri: string;
  /** An SVG document. */
  readonly qrCode: string;
}

/** New recovery codes, shown this once; all earlier ones are void. */
export interface RecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

/** A code that was right. */
export interface Verified {
  /** Milliseconds for which guarded actions are let through; 0 for the next one alone. */
  readonly validForMs: number;
}

type Operation<Call, Result> = (call: Call) => MaybePromise<SecondFactorOutcome<Result>>;

/** The routes under `/api/second-factor/`; those left out answer 404. */
export interface SecondFactorOperations {
  readonly enroll?: Operation<SecondFactorCall, Enrollment>;
  readonly confirm?: Operation<CodeCall, RecoveryCodes>;
  readonly verify?: Operation<CodeCall, Verified>;
  readonly 'recovery-codes'?: Operation<SecondFactorCall, RecoveryCodes>;
  readonly disable?: Operation<SecondFactorCall, Record<never, never>>;
}

/**
 * A second factor before what must not be done with a stolen session alone.
 *
 * @example
 * ```ts
 * const stepUp: StepUp = {
 *   check: (request, { actor }) =>
 *     passedRecently(request, actor.id) ? { ok: true } : { ok: false, challenge: { kind: 'code' } },
 * };
 * ```
 */
export interface StepUp {
  /** Asked before each guarded action, once the request is known to be in order. */
  check(request: Request, session: Session, action: GuardedAction): MaybePromise<StepUpVerdict>;
  /** What the page is told of the second factor of who is signed in. */
  status?(session: Session): MaybePromise<SecondFactorStatus>;
  readonly operations?: SecondFactorOperations;
}

/**
 * @throws Refusal `step_up_required` with the challenge, `internal` where the check itself fails.
 * @throws KeywrightError `store_unavailable` where the store behind the check fails.
 */
export async function assertSteppedUp(
  stepUp: StepUp | undefined,
  request: Request,
  session: Session,
  action: GuardedAction | undefined,
): Promise<void> {
  if (stepUp === undefined || action === undefined) return;
  const challenge = await secondFactor(async () => {
    const verdict = await stepUp.check(request, session, action);
    return verdict.ok === true ? undefined : { ...verdict.challenge };
  });
  if (challenge === undefined) return;
  throw new Refusal('step_up_required', 'Confirm with your second factor.', { challenge });
}

/** What the step-up gives; `unavailable` where its store fails, `internal` where it does itself. */
export async function secondFactor<Result>(work: () => MaybePromise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (hasCode(cause, 'store_unavailable')) throw cause;
    throw new Refusal('internal', 'The second factor could not be checked.', { cause });
  }
}

export function checkStepUp(stepUp: StepUp | undefined): StepUp | undefined {
  if (stepUp !== undefined && typeof stepUp.check !== 'function') {
    throw invalid('stepUp.check', 'must be a function');
  }
  return stepUp;
}
