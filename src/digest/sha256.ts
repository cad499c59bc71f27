import { builtin } from '../builtin.ts';
import { type HashText, portableSha256 } from './portable-sha256.ts';

/**
 * The runtime's own, where it has a synchronous one: 0.2 µs for a token. WebCrypto is no
 * alternative at 13 to 30 µs a call.
 */
export function findNativeSha256(): HashText | undefined {
  const crypto = builtin('node:crypto');
  if (typeof crypto?.hash !== 'function') return undefined;
  const { hash } = crypto;
  return (text) => hash('sha256', text, 'hex');
}

let chosen: HashText | undefined;

/** The faster of the two. Looked for at first use: to load `node:crypto` is half of an import's time. */
export const sha256Hex: HashText = (text) => {
  chosen ??= findNativeSha256() ?? portableSha256;
  return chosen(text);
};

/**
 * The digest of a token: what a store keeps and finds a key by. The same as `sha256sum` prints.
 *
 * A plain hash is enough here, where a password would need a slow one: a token carries at least
 * 128 random bits, so there is nothing to guess from.
 *
 * @example
 * ```ts
 * digestToken('abc'); // ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
 * ```
 */
export function digestToken(token: string): string {
  return sha256Hex(token);
}
