import { ALPHABET } from './random.ts';

/**
 * Returns the lowest `length` digits of a number in base62, the most significant first. The alphabet is in
 * byte order, so texts of equal length sort as their numbers do.
 */
export function base62(value: number, length: number): string {
  let digits = '';
  for (let rest = Math.floor(value); digits.length < length; rest = Math.floor(rest / 62)) {
    digits = ALPHABET.charAt(rest % 62) + digits;
  }
  return digits;
}
