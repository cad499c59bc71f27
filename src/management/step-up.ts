import { hasCode, invalid } from '../errors.ts';
import { isPlainObject, type JsonObject } from '../json.ts';
import { Refusal } from './refusal.ts';
import type { Session } from './session.ts';

type MaybePromise<Value> = Value | Promise<Value>;

/**
 * An action that the second factor guards: creating, rotating or revoking a key, an update that lets a
 * key do more (enable it, extend its life, add scopes), and changes of the second factor itself.
 */
export type GuardedAction =
  | 'create'
  | 'update'
  | 'rotate'
  | 'revoke'
  | 'enroll'
  | 'recovery-codes'
  | 'disable';

/** Whether an action may proceed. */
export type StepUpVerdict =
  | { readonly ok: true }
  /** `challenge` is sent to the page unchanged. It holds what the page needs to ask for a code. */
  | { readonly ok: false; readonly challenge: JsonObject };

/** The state of a user's second factor, for the dashboard. */
export interface SecondFactorStatus {
  readonly enrolled: boolean;
  /** How many recovery codes are left, if there are recovery codes. */
  readonly recoveryCodesLeft?: number;
}

/** A call of `POST /api/second-factor/…`. */
export interface SecondFactorCall {
  /** Its body has been read. Its headers may hold a session of the step-up's own. */
  readonly request: Request;
  readonly session: Session;
}

/** A call with a code from the authenticator app, or a recovery code. */
export interface CodeCall extends SecondFactorCall {
  readonly code: string;
}

/** Why an operation on a second factor failed. */
export type SecondFactorFailure =
  | 'wrong_code'
  | 'too_many_attempts'
  | 'not_enrolled'
  | 'already_enrolled';

/** The result of an operation on a second factor. */
export type SecondFactorOutcome<Result> =
  | {
      readonly ok: true;
      readonly result: Result;
      /** Headers of the response, such as a cookie that proves the step-up. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly ok: false;
      readonly error: SecondFactorFailure;
      /** Milliseconds until the next attempt is accepted. */
      readonly retryAfterMs?: number;
    };

/** A secret to enroll with, shown only once. */
export interface Enrollment {
  /** Base32, for typing by hand. */
  readonly secret: string;
  /** The `otpauth:` URI that the QR code contains. */
  readonly uri: string;
  /** An SVG document. */
  readonly qrCode: string;
}

/** New recovery codes, shown only once. All earlier codes are void. */
export interface RecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

/** The result of a correct code. */
export interface Verified {
  /** Milliseconds for which guarded actions need no other code; 0 if only the next one needs none. */
  readonly validForMs: number;
}

type Operation<Call, Result> = (call: Call) => MaybePromise<SecondFactorOutcome<Result>>;

/** The routes under `/api/second-factor/`. An operation that is left out answers 404. */
export interface SecondFactorOperations {
  readonly enroll?: Operation<SecondFactorCall, Enrollment>;
  readonly confirm?: Operation<CodeCall, RecoveryCodes>;
  readonly verify?: Operation<CodeCall, Verified>;
  readonly 'recovery-codes'?: Operation<SecondFactorCall, RecoveryCodes>;
  readonly disable?: Operation<SecondFactorCall, Record<never, never>>;
}

/**
 * A second factor for actions that a stolen session alone must not allow.
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
  /** Runs before each guarded action, after the request has been validated. */
  check(request: Request, session: Session, action: GuardedAction): MaybePromise<StepUpVerdict>;
  /** Returns the state of the signed-in user's second factor, for the dashboard. */
  status?(session: Session): MaybePromise<SecondFactorStatus>;
  readonly operations?: SecondFactorOperations;
}

/**
 * @throws Refusal `step_up_required` with the challenge; `internal` if the check itself fails.
 * @throws KeywrightError `store_unavailable` if the store behind the check fails.
 */
export async function assertSteppedUp(
  stepUp: StepUp | undefined,
  request: Request,
  session: Session,
  action: GuardedAction,
): Promise<void> {
  if (stepUp === undefined) return;
  const challenge = await secondFactor(async () => {
    const verdict = await stepUp.check(request, session, action);
    if (verdict.ok === true) return undefined;
    if (!isPlainObject(verdict.challenge)) throw invalid('check(): challenge', 'must be an object');
    return verdict.challenge;
  });
  if (challenge === undefined) return;
  throw new Refusal('step_up_required', 'Confirm with your second factor.', { challenge });
}

/** Calls the step-up. Rethrows an error of its store; any other error becomes `internal`. */
export async function secondFactor<Result>(work: () => MaybePromise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (hasCode(cause, 'store_unavailable') || hasCode(cause, 'change_contended')) throw cause;
    throw new Refusal('internal', 'The second factor could not be checked.', { cause });
  }
}

export function checkStepUp(stepUp: StepUp | undefined): StepUp | undefined {
  if (stepUp !== undefined && typeof stepUp.check !== 'function') {
    throw invalid('stepUp.check', 'must be a function');
  }
  return stepUp;
}
