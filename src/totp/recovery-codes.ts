import { canonicalJson } from '../digest/canonical.ts';
import { digestsEqual } from '../digest/equal.ts';
import { sha256Hex } from '../digest/sha256.ts';
import { foldDigits } from '../text-folding.ts';
import type { Factor } from './factor.ts';

/** Crockford's base32, without letters that look like digits. Each character is 5 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const CODES = 10;

/** 80 bits: too many for a search, even with the digests and the application's key. */
const CHARACTERS = 16;

/** Generates recovery codes such as `1a2b-3c4d-5e6f-7g8h`. */
export function drawRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const bytes = crypto.getRandomValues(new Uint8Array(CHARACTERS));
    const text = Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
    return text.replace(/.{4}(?=.)/g, '$&-');
  });
}

/** The digest of a recovery code, which is all that a factor keeps of it. */
export function recoveryDigest({ id }: Pick<Factor, 'id'>, code: string): string {
  return sha256Hex(canonicalJson(['keywright.recovery.1', id, plainCode(code)]));
}

/** Whether the list contains the digest. All are compared, so that timing does not show its position. */
export function hasDigest(digests: readonly string[], digest: string): boolean {
  return digests.filter((kept) => digestsEqual(kept, digest)).length > 0;
}

/** Reads a code as Crockford does: in either case, with `o`, `i` and `l` as digits. */
function plainCode(code: string): string {
  return compact(code).toLowerCase().replaceAll('o', '0').replace(/[il]/g, '1');
}

/**
 * Converts the digits of a code to ASCII and removes separators. People type the digits of their own
 * script, and copy dashes and direction marks along.
 */
export function compact(code: string): string {
  return foldDigits(code.normalize('NFKC')).replace(/[\s\p{Pd}\p{Cf}]/gu, '');
}
