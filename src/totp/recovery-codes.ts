import { canonicalJson } from '../digest/canonical.ts';
import { digestsEqual } from '../digest/equal.ts';
import { sha256Hex } from '../digest/sha256.ts';
import type { Factor } from './factor.ts';

/** Crockford's base32, without the letters that are read for digits: each character is 5 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const CODES = 10;

/** 80 bits: whoever had the digests, and the host's key to open them, would still search for ever. */
const CHARACTERS = 16;

/** New recovery codes, as `1a2b-3c4d-5e6f-7g8h`. */
export function drawRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const bytes = crypto.getRandomValues(new Uint8Array(CHARACTERS));
    const text = Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
    return text.replace(/.{4}(?=.)/g, '$&-');
  });
}

/** What is kept of a recovery code. */
export function recoveryDigest({ id }: Pick<Factor, 'id'>, code: string): string {
  return sha256Hex(canonicalJson(['keywright.recovery.1', id, plainCode(code)]));
}

/** Whether the digest is among these; all are compared, wherever it is. */
export function hasDigest(digests: readonly string[], digest: string): boolean {
  return digests.filter((kept) => digestsEqual(kept, digest)).length > 0;
}

/** As Crockford reads what people have written down: in any case, and `o`, `i` and `l` for digits. */
function plainCode(code: string): string {
  return compact(code).toLowerCase().replaceAll('o', '0').replace(/[il]/g, '1');
}

/** Without what parts a code into groups. */
export function compact(code: string): string {
  return code.replace(/[\s-]/g, '');
}
