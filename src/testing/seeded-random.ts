import { sha256Hex } from '../digest/sha256.ts';
import { invalid } from '../errors.ts';
import type { RandomSource } from '../token/random.ts';

const BLOCK_BYTES = 32;

/**
 * A source of bytes that gives the same ones for the same seed, on every runtime: for tests, and
 * never for real tokens, as whoever knows the seed knows them all.
 *
 * The bytes are SHA-256 in counter mode, block after block: that of the text `<seed>.0`, then of
 * `<seed>.1`, and so on, whatever the sizes in which they are drawn. (It is the shape of Hash_DRBG's
 * Hashgen in NIST SP 800-90A §10.1.1.4, without its reseeding.)
 *
 * @throws KeywrightError `invalid_argument` if `seed` is no string.
 *
 * @example
 * ```ts
 * const keys = createApiKeys({ format, store: memoryStore(), random: seededRandom('rotation') });
 * ```
 */
export function seededRandom(seed: string): RandomSource {
  if (typeof seed !== 'string') throw invalid('seed', 'must be a string');
  let position = 0;
  let block = '';
  return (bytes) => {
    for (let i = 0; i < bytes.length; i++, position++) {
      const offset = position % BLOCK_BYTES;
      if (offset === 0) block = sha256Hex(`${seed}.${position / BLOCK_BYTES}`);
      bytes[i] = Number.parseInt(block.slice(2 * offset, 2 * offset + 2), 16);
    }
    return bytes;
  };
}
