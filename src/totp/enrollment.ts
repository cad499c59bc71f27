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

/** 22 alphanumeric characters are 131 bits: no two factors have the same. */
const ID_LENGTH = 22;

/** So many characters fit into a QR code together with the issuer, whatever they are. */
const MAX_ACCOUNT_NAME = 60;

/** A factor that nobody has confirmed yet. Wrong codes that went before still count. */
export function newFactor(
  { algorithm, digits }: Pick<Settings, 'algorithm' | 'digits'>,
  { failures = 0, blockedUntil = 0 }: Partial<Pick<Factor, 'failures' | 'blockedUntil'>>,
  now: number,
): Factor {
  return {
    id: systemText(ID_LENGTH),
    confirmed: false,
    begunAt: now,
    secret: newSecret(algorithm),
    ...{ algorithm, digits, failures, blockedUntil },
    usedStep: -1,
    recovery: [],
    spent: [],
  };
}

/**
 * What an authenticator is given, in the Key URI Format that they all read.
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
    throw invalid('accountName', 'must give a text');
  }
  return Array.from(name.replaceAll(':', ' ')).slice(0, MAX_ACCOUNT_NAME).join('');
}
