import { checkFields } from '../fields.ts';
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
import { confirm, disable, failure, renew, type Tried, verify } from './decisions.ts';
import { enrollmentOf, newFactor } from './enrollment.ts';
import type { Factor } from './factor.ts';
import { type Decision, Factors } from './factors.ts';
import { KeyRing } from './key-ring.ts';
import { settingsOf, type TotpOptions } from './options.ts';
import { Passes } from './passes.ts';

/** Whose factor is taken away, by whom and why. */
export interface FactorReset {
  readonly owner: string;
  /** Whose factor it is. */
  readonly actorId: string;
  /** Who resets it: the host's support. */
  readonly actor: Actor;
  /** For the activity log, after the id of whose factor it was: at most 500 characters. */
  readonly reason?: string;
}

/** A second factor of time-based codes. */
export interface Totp extends StepUp {
  /** Whether who is signed in has a factor, and how many recovery codes are left. */
  status(session: Session): Promise<SecondFactorStatus>;
  readonly operations: Required<SecondFactorOperations>;
  /**
   * Takes an actor's factor away without a code, for who has lost authenticator and recovery codes
   * and has shown by other means who they are. Gives whether there was one. It works as well where
   * no key opens the factor any more.
   */
  reset(reset: FactorReset): Promise<boolean>;
}

/**
 * A second factor for {@link StepUp}: codes of an authenticator (RFC 6238), and recovery codes for
 * when it is lost.
 *
 * Each code is good once, for one of those who present it at the same moment, in whatever process.
 * The fifth wrong code in a row, and each one after it, begins a wait that doubles from 30 seconds to
 * a day, which a restart does not end. The secret is sealed with `encryptionKey`. All that happens
 * to a factor is in the owner's activity log.
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
 * @throws KeywrightError `invalid_argument` that names the option. What it gives rejects with
 * `factor_unreadable` where a factor does not open, `store_unavailable` where the store
 * fails or is late.
 */
export function createTotp(options: TotpOptions): Totp {
  const settings = settingsOf(options);
  const ring = new KeyRing(settings.keys);
  const factors = new Factors(settings.factors, ring, settings.clock);
  const passes = new Passes(settings, ring);

  /** Decides on a code, and gives a pass if it is right. */
  async function present<Result>(
    call: CodeCall,
    decide: (factor: Factor | undefined, now: number) => Decision<Tried<Result>>,
  ): Promise<SecondFactorOutcome<Result>> {
    // First, as it may fail, and a code must not be spent on that.
    const bearer = await passes.bearerOf(call);
    const { outcome, passed } = await factors.change(call.session, decide);
    if (!outcome.ok || passed === undefined) return outcome;
    return { ...outcome, headers: await passes.give(bearer, passed) };
  }

  return {
    async check(request, session, action) {
      const factor = await factors.read(session);
      if (!factor?.confirmed) {
        return settings.required && isOnKeys(action)
          ? { ok: false, challenge: { kind: 'code', enrolled: false } }
          : { ok: true };
      }
      if (await passes.isGiven({ request, session }, factor)) return { ok: true };
      return { ok: false, challenge: { kind: 'code', enrolled: true, digits: factor.digits } };
    },

    async status(session) {
      const factor = await factors.read(session);
      if (!factor?.confirmed) return { enrolled: false };
      return { enrolled: true, recoveryCodesLeft: factor.recovery.length };
    },

    operations: {
      enroll: ({ session }) =>
        factors.change<SecondFactorOutcome<Enrollment>>(session, (former, now) => {
          if (former?.confirmed) return { result: failure('already_enrolled') };
          const factor = newFactor(settings, former ?? {}, now);
          const result = enrollmentOf(settings, session, factor);
          return { result: { ok: true, result }, write: { factor, action: 'factor.begun' } };
        }),

      confirm: (call) => present(call, (factor, now) => confirm(factor, call.code, now)),
      verify: (call) => {
        const { validForMs } = settings;
        return present(call, (factor, now) => verify(factor, call.code, now, { validForMs }));
      },
      'recovery-codes': ({ session }) => factors.change(session, renew),
      async disable({ session }) {
        const outcome = await factors.change(session, disable);
        return outcome.ok ? { ...outcome, headers: passes.take() } : outcome;
      },
    },

    async reset(reset) {
      checkFields(reset, 'reset', ['owner', 'actorId', 'actor', 'reason']);
      const ref = {
        owner: checkOwner(reset.owner),
        actorId: checkText(reset.actorId, 'actorId', 255),
      };
      const why = reset.reason === undefined ? [] : [checkText(reset.reason, 'reason', 500)];
      const reason = [ref.actorId, ...why].join(': ');
      return factors.remove(ref, 'factor.reset', { actor: checkActor(reset.actor), reason });
    },
  };
}

/** What a factor is asked for that there need not be yet. */
function isOnKeys(action: GuardedAction): boolean {
  return action === 'create' || action === 'rotate' || action === 'revoke';
}
