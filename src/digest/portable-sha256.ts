import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 (FIPS 180-4) of the text as UTF-8, in lower-case hex. */
export type HashText = (text: string) => string;

/** The same on every runtime, at about 1 µs for a token. */
export const portableSha256: HashText = (text) => bytesToHex(sha256(utf8ToBytes(text)));
