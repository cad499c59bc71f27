import { checkFields } from '../fields.ts';
import { MAX_ID_LENGTH, MAX_REASON_LENGTH } from '../limits.ts';
import type { Session } from '../management/session.ts';
import type {
  CodeCall,
  Enrollment,
  GuardedAction,
  SecondFactorOperations,
  SecondFactorOutcome,
  SecondFactorStatus,
  StepUp,
} from '../management/step-up.ts';
import type { Actor } from '../record.ts';
import { checkActor, checkOwner, checkText } from '../service/arguments.ts';
import type { Presented } from './attempt.ts';
import { type CodeResult, confirm, disable, failure, renew, verify } from './decisions.ts';
import { enrollmentOf, newFactor } from './enrollment.ts';
import { type Factor, isPending } from './factor.ts';
import { type Decision, Factors } from './factors.ts';
import { KeyRing } from './key-ring.ts';
import { enrollmentWait } from './limits.ts';
import { settingsOf, type TotpOptions } from './options.ts';
import { Passes, sessionTag } from './passes.ts';

/** Which factor to remove, who removes it and why. */
export interface FactorReset {
  readonly owner: string;
  /** The actor whose factor is removed. */
  readonly actorId: string;
  /** Who removes it, such as a member of your support. */
  readonly actor: Actor;
  /** Why, for the activity log: at most 500 characters. The log puts `factor of event 17` before it. */
  readonly reason?: string;
}

const ON_KEYS: readonly GuardedAction[] = ['create', 'update', 'rotate', 'revoke'];

/** A second factor with time-based codes. */
export interface Totp extends StepUp {
  /** Returns whether the signed-in user has a factor, and how many recovery codes are left. */
  status(session: Session): Promise<SecondFactorStatus>;
  readonly operations: Required<SecondFactorOperations>;
  /**
   * Removes an actor's factor without a code, for a user who has lost the authenticator and the recovery
   * codes, and has proved their identity by other means. Resolves with whether there was a factor. It
   * also works if no key opens the factor any more.
   */
  reset(reset: FactorReset): Promise<boolean>;
}

/**
 * Creates a second factor for {@link StepUp}: codes of an authenticator app (RFC 6238), and recovery codes
 * in case the app is lost.
 *
 * Each code works once. If several requests present it at the same moment, in any process, one passes.
 *
 * The fifth wrong code in a row, the twentieth within a day, and each further one start a wait. The wait
 * doubles from 30 seconds up to a day, and a restart does not end it. A correct code clears the wrong codes
 * of its own session from the row, but not from the day.
 *
 * The secret is sealed with `encryptionKey`. The owner's activity log records every change of a factor.
 *
 * @example
 * ```ts
 * const stepUp = createTotp({
 *   store,
 *   issuer: 'Acme',
 *   encryptionKey: process.env.FACTOR_KEY ?? '',
 * });
 * const management = createManagement({ keys, authorize, stepUp });
 * ```
 * @throws KeywrightError `invalid_argument` that names the option. The methods reject with
 * `factor_unreadable` if a factor cannot be opened, and with `store_unavailable` if the store fails or
 * times out.
 */
export function createTotp(options: TotpOptions): Totp {
  const settings = settingsOf(options);
  const ring = new KeyRing(settings.keys);
  const factors = new Factors(settings.store, ring, settings.clock);
  const passes = new Passes(settings, ring);

  /** Checks a code, and issues a pass if it is correct. */
  async function present<Result>(
    call: CodeCall,
    decide: (
      factor: Factor | undefined,
      presented: Presented,
      now: number,
    ) => Decision<CodeResult<Result>>,
  ): Promise<SecondFactorOutcome<Result>> {
    // Read the session first: if that fails, the code must not be used up.
    const bearer = await passes.bearerOf(call);
    const presented = { code: call.code, session: sessionTag(bearer) };
    const { outcome, passed } = await factors.change(call.session, (factor, now) =>
      decide(factor, presented, now),
    );
    if (!outcome.ok || passed === undefined) return outcome;
    return { ...outcome, headers: await passes.issue(bearer, passed) };
  }

  return {
    async check(request, session, action) {
      const factor = await factors.read(session);
      if (!factor?.confirmed) {
        return settings.required && isOnKeys(action)
          ? { ok: false, challenge: { kind: 'code', enrolled: false } }
          : { ok: true };
      }
      if (await passes.isValid({ request, session }, factor)) return { ok: true };
      return { ok: false, challenge: { kind: 'code', enrolled: true, digits: factor.digits } };
    },

    async status(session) {
      const factor = await factors.read(session);
      if (!factor?.confirmed) return { enrolled: false };
      return { enrolled: true, recoveryCodesLeft: factor.recovery.length };
    },

    operations: {
      async enroll({ session }) {
        const waitMs = await enrollmentWait(settings.store, session, settings.clock.now());
        return factors.change<SecondFactorOutcome<Enrollment>>(session, (former, now) => {
          if (former?.confirmed) return { result: failure('already_enrolled') };
          // After a second click or a reload, return the secret that was already shown.
          if (former !== undefined && isPending(former, now)) {
            return { result: { ok: true, result: enrollmentOf(settings, session, former) } };
          }
          if (waitMs > 0) return { result: failure('too_many_attempts', waitMs) };
          const factor = newFactor(settings, former ?? {}, now);
          const result = enrollmentOf(settings, session, factor);
          return { result: { ok: true, result }, write: { factor, action: 'factor.begun' } };
        });
      },

      confirm: (call) => present(call, confirm),
      verify: (call) => {
        const { validForMs } = settings;
        return present(call, (factor, presented, now) =>
          verify(factor, presented, now, { validForMs }),
        );
      },
      'recovery-codes': ({ session }) => factors.change(session, renew),
      async disable({ session }) {
        const outcome = await factors.change(session, disable);
        return outcome.ok ? { ...outcome, headers: passes.clear() } : outcome;
      },
    },

    async reset(reset) {
      checkFields(reset, 'reset', ['owner', 'actorId', 'actor', 'reason']);
      const ref = {
        owner: checkOwner(reset.owner),
        actorId: checkText(reset.actorId, 'actorId', MAX_ID_LENGTH),
      };
      const why =
        reset.reason === undefined ? [] : [checkText(reset.reason, 'reason', MAX_REASON_LENGTH)];
      const actor = checkActor(reset.actor);
      // Name an event of the factor's actor, not the actor: this event has another actor, so the id would
      // remain in it after the factor's actor has been erased.
      return factors.remove(ref, 'factor.reset', (sequence) => ({
        actor,
        reason: [`factor of event ${sequence}`, ...why].join(': '),
      }));
    },
  };
}

/** Whether an action changes keys. With `required`, it needs a factor even if the actor has none yet. */
function isOnKeys(action: GuardedAction): boolean {
  return ON_KEYS.includes(action);
}
