import type { SecondFactorOutcome, StepUp } from 'keywright/management';

interface Factor {
  confirmed: boolean;
  failures: number;
  /** Guarded actions that are still let through. */
  passes: number;
  recoveryCodes: string[];
}

const MAX_FAILURES = 3;

/** A second factor in memory, whose codes are all `424242`: what the flow needs, and no more. */
export function testStepUp() {
  const factors = new Map<string, Factor>();
  const checked: string[] = [];

  const attempt = <Result>(
    actorId: string,
    code: string,
    pass: (factor: Factor) => Result,
  ): SecondFactorOutcome<Result> => {
    const factor = factors.get(actorId);
    if (factor === undefined) return { ok: false, error: 'not_enrolled' };
    if (factor.failures >= MAX_FAILURES) {
      return { ok: false, error: 'too_many_attempts', retryAfterMs: 29_500 };
    }
    const isRecovery = factor.recoveryCodes.includes(code);
    if (code !== '424242' && !isRecovery) {
      factor.failures++;
      return { ok: false, error: 'wrong_code' };
    }
    factor.recoveryCodes = factor.recoveryCodes.filter((other) => other !== code);
    return { ok: true, result: pass(factor), headers: { 'Set-Cookie': 'factor=passed; HttpOnly' } };
  };
  const renew = (factor: Factor) => {
    factor.recoveryCodes = ['one-one', 'two-two'];
    return { recoveryCodes: [...factor.recoveryCodes] };
  };

  const stepUp: StepUp = {
    check(_request, { actor }, action) {
      checked.push(action);
      const factor = factors.get(actor.id);
      if (!factor?.confirmed) {
        const isFirst = action === 'enroll';
        return isFirst ? { ok: true } : { ok: false, challenge: { kind: 'code', enrolled: false } };
      }
      if (factor.passes === 0) return { ok: false, challenge: { kind: 'code', enrolled: true } };
      factor.passes--;
      return { ok: true };
    },
    status({ actor }) {
      const factor = factors.get(actor.id);
      const enrolled = factor?.confirmed === true;
      return enrolled ? { enrolled, recoveryCodesLeft: factor.recoveryCodes.length } : { enrolled };
    },
    operations: {
      enroll({ session }) {
        if (factors.get(session.actor.id)?.confirmed)
          return { ok: false, error: 'already_enrolled' };
        const factor = { confirmed: false, failures: 0, passes: 0, recoveryCodes: [] };
        factors.set(session.actor.id, factor);
        const uri = 'otpauth://totp/ProoN:user_ada?secret=JBSWY3DP&issuer=ProoN';
        return { ok: true, result: { secret: 'JBSWY3DP', uri, qrCode: '<svg/>' } };
      },
      confirm: ({ session, code }) =>
        attempt(session.actor.id, code, (factor) => {
          factor.confirmed = true;
          return renew(factor);
        }),
      verify: ({ session, code }) =>
        attempt(session.actor.id, code, (factor) => {
          factor.passes++;
          return { validForMs: 0 };
        }),
      'recovery-codes': ({ session }) => {
        const factor = factors.get(session.actor.id);
        if (factor === undefined) return { ok: false, error: 'not_enrolled' };
        return { ok: true, result: renew(factor) };
      },
      async disable({ session }) {
        factors.delete(session.actor.id);
        return { ok: true, result: {} };
      },
    },
  };
  return { stepUp, checked };
}
