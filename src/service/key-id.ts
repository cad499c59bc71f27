import { base62 } from '../token/base62.ts';
import type { RandomText } from '../token/random.ts';

const TIME_LENGTH = 8; // 62^8 ms are 6,900 years
const COUNT_LENGTH = 3; // 238,328 keys in one millisecond
const RANDOM_LENGTH = 12; // 71 bits, against other processes in the same millisecond

/**
 * Creates ids of keys, `key_` and 23 alphanumeric characters: the time, a count within the millisecond,
 * and random characters. Their byte order is the order of creation. So a list keeps the order of keys
 * that one process created in the same millisecond. An index over ids grows at its end.
 */
export function keyIds(draw: RandomText): (now: number) => string {
  let latest = -1;
  let count = 0;
  return (now) => {
    count = now === latest ? count + 1 : 0;
    latest = now;
    return `key_${base62(now, TIME_LENGTH)}${base62(count, COUNT_LENGTH)}${draw(RANDOM_LENGTH)}`;
  };
}
