import { base62 } from './base62.ts';

/** 62^6 is the first power above 2^32, so any CRC-32 fits in six characters. */
export const CHECKSUM_LENGTH = 6;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder;
});

/** Returns the CRC-32 (ISO-HDLC, as in Ethernet, gzip and PNG; RFC 1952 §8) of ASCII text. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ text.charCodeAt(i)) & 0xff] as number);
  }
  return ~crc >>> 0;
}

/** Returns the CRC-32 of `text` in base62: six characters, the most significant first. */
export function checksum(text: string): string {
  return base62(crc32(text), CHECKSUM_LENGTH);
}
