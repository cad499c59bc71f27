import { builtin } from '../builtin.ts';
import { type HashText, portableSha256 } from './portable-sha256.ts';

/**
 * Returns the runtime's own SHA-256, if it has a synchronous one: it takes 0.2 µs for a token. WebCrypto is
 * no alternative, at 13 to 30 µs a call.
 */
export function findNativeSha256(): HashText | undefined {
  const crypto = builtin('node:crypto');
  if (typeof crypto?.hash !== 'function') return undefined;
  const { hash } = crypto;
  return (text) => hash('sha256', text, 'hex');
}

let chosen: HashText | undefined;

/** The native SHA-256 if there is one. Chosen at first use: loading it takes half of the import's time. */
export const sha256Hex: HashText = (text) => {
  chosen ??= findNativeSha256() ?? portableSha256;
  return chosen(text);
};

/**
 * Returns the digest of a token, by which stores keep and find keys. Equals the output of `sha256sum`.
 *
 * A fast hash is enough, although a password would need a slow one: a token has at least 128 random bits,
 * too many to guess.
 *
 * @example
 * ```ts
 * digestToken('abc'); // ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
 * ```
 */
export function digestToken(token: string): string {
  return sha256Hex(token);
}
