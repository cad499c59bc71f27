import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Returns the SHA-256 (FIPS 180-4) of the text as UTF-8, in lower-case hex. */
export type HashText = (text: string) => string;

/** Runs on every runtime, and takes about 1 µs for a token. */
export const portableSha256: HashText = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** Returns the HMAC-SHA256 (RFC 2104) of the text as UTF-8, in lower-case hex. */
export function portableHmac(key: Uint8Array, text: string): string {
  return bytesToHex(hmac(sha256, key, utf8ToBytes(text)));
}
