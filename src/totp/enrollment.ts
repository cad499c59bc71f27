import { Secret, TOTP } from 'otpauth/slim';
import { invalid } from '../errors.ts';
import { isStorable } from '../json.ts';
import type { Session } from '../management/session.ts';
import type { Enrollment } from '../management/step-up.ts';
import { systemText } from '../token/random.ts';
import type { Factor } from './factor.ts';
import type { Settings } from './options.ts';
import { qrCodeOf } from './qr-code.ts';
import { newSecret, PERIOD } from './time-step.ts';

/** 22 alphanumeric characters are 131 bits, so no two factors share an id. */
const ID_LENGTH = 22;

/** This many characters of any kind fit into a QR code together with the issuer. */
const MAX_ACCOUNT_NAME = 60;

/** Creates an unconfirmed factor. Wrong codes of the actor's previous factor still count. */
export function newFactor(
  { algorithm, digits }: Pick<Settings, 'algorithm' | 'digits'>,
  { misses = [], blockedUntil = 0 }: Partial<Pick<Factor, 'misses' | 'blockedUntil'>>,
  now: number,
): Factor {
  return {
    id: systemText(ID_LENGTH),
    confirmed: false,
    begunAt: now,
    secret: newSecret(algorithm),
    ...{ algorithm, digits, misses, blockedUntil },
    usedStep: -1,
    recovery: [],
    spent: [],
  };
}

/**
 * The data for an authenticator app, in the Key URI Format that all apps read.
 *
 * @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 */
export function enrollmentOf(
  { issuer, accountName }: Pick<Settings, 'issuer' | 'accountName'>,
  session: Session,
  { secret, algorithm, digits }: Factor,
): Enrollment {
  const label = labelOf(accountName(session));
  const totp = new TOTP({
    ...{ issuer, label, algorithm, digits, period: PERIOD },
    secret: Secret.fromBase32(secret),
  });
  const uri = totp.toString();
  return { secret, uri, qrCode: qrCodeOf(uri) };
}

function labelOf(name: unknown): string {
  if (typeof name !== 'string' || name === '' || !isStorable(name)) {
    throw invalid('accountName', 'must return a string that is not empty');
  }
  return Array.from(name.replaceAll(':', ' ')).slice(0, MAX_ACCOUNT_NAME).join('');
}
