import { sha256Hex } from '../digest/sha256.ts';
import { invalid } from '../errors.ts';
import type { RandomSource } from '../token/random.ts';

const BLOCK_BYTES = 32;

/**
 * Creates a source of bytes that returns the same bytes for the same seed, on every runtime. Use it in tests
 * only, never for real tokens: a person who knows the seed knows every token.
 *
 * The bytes are SHA-256 in counter mode: the digests of `<seed>.0`, `<seed>.1` and so on, independent of
 * the sizes of the reads. (This is Hashgen of Hash_DRBG, NIST SP 800-90A §10.1.1.4, without reseeding.)
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
