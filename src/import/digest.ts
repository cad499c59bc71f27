import { invalid } from '../errors.ts';

const HEX = /^[0-9A-Fa-f]{64}$/;
/** 43 characters hold 258 bits: the last two bits must be zero. */
const BASE64URL = /^[\w-]{42}[AEIMQUYcgkosw048]=?$/;

/**
 * Converts a SHA-256 digest to 64 characters of lower-case hex.
 *
 * @throws KeywrightError `invalid_argument`
 */
export function hexDigest(value: unknown): string {
  if (typeof value === 'string') {
    if (HEX.test(value)) return value.toLowerCase();
    if (BASE64URL.test(value)) return hexOfBase64url(value);
  }
  throw invalid('digest', 'must be the 32 bytes of SHA-256 as hex or base64url');
}

function hexOfBase64url(text: string): string {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
