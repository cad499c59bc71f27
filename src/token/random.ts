import { KeywrightError } from '../errors.ts';

/** Fills the array with random bytes. `crypto.getRandomValues` is one. */
export type RandomSource = (bytes: Uint8Array<ArrayBuffer>) => unknown;

/** Returns random alphanumeric text. At each position, all of the 62 characters are equally likely. */
export type RandomText = (length: number) => string;

export const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

// A call of getRandomValues has a fixed cost of 1.5 µs, which 280 tokens share at this size.
const POOL_BYTES = 16_384;

/**
 * The character for a byte, or 0 for none: `charCodeAt` past the alphabet is NaN, stored as 0. The low
 * 6 bits of a random byte are uniform over 64 values. The two without a character are skipped
 * (rejection sampling), so no character is likelier than another.
 */
const CHARACTERS: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, byte) =>
  ALPHABET.charCodeAt(byte & 63),
);

/**
 * Returns a function that draws random text from a source of bytes, through a pool.
 *
 * The pool fills at the first use, never at import: a start-up snapshot must not contain it. Characters are
 * wiped once they are returned, so that the pool contains no issued token.
 *
 * @throws KeywrightError `random_failed` from the returned function, if the source throws or is stuck.
 */
export function randomText(source: RandomSource): RandomText {
  const pool = new Uint8Array(POOL_BYTES);
  const textOf = latin1Reader(pool);
  let next = 0;
  let end = 0;

  return (length) => {
    if (next + length > end) {
      next = 0;
      end = 0; // nothing in the pool is valid until it is full again
      end = refill(pool, source);
      if (end < length) throw stuck();
    }
    const start = next;
    next += length;
    const text = textOf(start, next);
    pool.fill(0, start, next);
    return text;
  };
}

/** Draws random text from `crypto.getRandomValues`. Only tests use another source. */
export const systemText: RandomText = /* @__PURE__ */ randomText((bytes) =>
  crypto.getRandomValues(bytes),
);

/** Fills the pool with random characters from its start, and returns their number. */
function refill(pool: Uint8Array<ArrayBuffer>, source: RandomSource): number {
  const bytes = draw(source);
  const count = charactersOf(bytes, pool);
  bytes.fill(0);
  pool.fill(0, count);
  return count;
}

/**
 * Writes the characters for bytes into the pool. It has no other code after its loop: V8 compiles a long
 * loop before it has run such code, and then discarded the compiled function at each refill.
 */
function charactersOf(bytes: Uint8Array, pool: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) {
    const character = CHARACTERS[byte] as number;
    pool[count] = character;
    count += -character >>> 31; // 0 or 1, without a branch on a random bit: twice as fast
  }
  return count;
}

/** Draws bytes into a new array, so that a source that writes to the array later changes nothing. */
function draw(source: RandomSource): Uint8Array {
  const bytes = new Uint8Array(POOL_BYTES);
  let outcome: unknown;
  try {
    outcome = source(bytes);
  } catch (cause) {
    throw new KeywrightError('random_failed', 'the random source threw', { cause });
  }
  if (outcome instanceof Promise) {
    outcome.catch(() => {});
    throw new KeywrightError(
      'random_failed',
      'the random source returned a promise: it must fill the array at once',
    );
  }
  if (isStuck(new Uint32Array(bytes.buffer))) throw stuck();
  return bytes;
}

/**
 * The repetition count test of NIST SP 800-90B §4.4.1, on samples of 32 bits with a cutoff of 3. A sound
 * source fails it once in 2^64 samples; a source that leaves the array untouched always fails it.
 */
function isStuck(samples: Uint32Array): boolean {
  let before: number | undefined;
  let repeated = 0;
  for (const sample of samples) {
    repeated = sample === before ? repeated + 1 : 1;
    if (repeated === 3) return true;
    before = sample;
  }
  return false;
}

function stuck(): KeywrightError {
  return new KeywrightError(
    'random_failed',
    'the random source returned bytes that are not random',
  );
}

/** Returns a function that reads a part of the pool as text. A Buffer takes a third of the portable time. */
function latin1Reader(pool: Uint8Array<ArrayBuffer>): (start: number, end: number) => string {
  if (typeof globalThis.Buffer === 'function') {
    const buffer = globalThis.Buffer.from(pool.buffer);
    return (start, end) => buffer.toString('latin1', start, end);
  }
  return (start, end) => String.fromCharCode(...pool.subarray(start, end));
}
