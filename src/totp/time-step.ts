import { Secret, TOTP } from 'otpauth/slim';
import type { Algorithm, Factor } from './factor.ts';

/** Seconds of a time step, as RFC 6238 §5.2 recommends and authenticator apps expect. */
export const PERIOD = 30;

/** Steps before and after the current one whose codes are accepted: RFC 6238 §5.2, §6. */
const WINDOW = 1;

/** RFC 6238 §5.1: as long as the output of the HMAC. RFC 4226 §4, R6 requires at least 128 bits. */
const SECRET_BYTES: Readonly<Record<Algorithm, number>> = { SHA1: 20, SHA256: 32, SHA512: 64 };

/** Generates a secret, in base32. */
export function newSecret(algorithm: Algorithm): string {
  const { buffer } = crypto.getRandomValues(new Uint8Array(SECRET_BYTES[algorithm]));
  return new Secret({ buffer }).base32;
}

/** The time step whose code this is: the current one or a neighbour. Otherwise `undefined`. */
export function stepOf(
  { secret, algorithm, digits }: Pick<Factor, 'secret' | 'algorithm' | 'digits'>,
  code: string,
  now: number,
): number | undefined {
  const delta = TOTP.validate({
    ...{ secret: Secret.fromBase32(secret), algorithm, digits },
    ...{ token: code, period: PERIOD, timestamp: now, window: WINDOW },
  });
  return delta === null ? undefined : TOTP.counter({ period: PERIOD, timestamp: now }) + delta;
}
