import { KeywrightError } from '../../errors.ts';
import type { StoredKey } from '../../record.ts';
import type { Bytes } from './codec.ts';
import type { Lookup } from './engine.ts';
import { keys } from './tables.ts';

type Found = StoredKey | undefined;

/**
 * Looks keys up, and refuses to while `most` wait for an answer already: where a server hangs, each
 * would hold memory and a place in the queue of the pool for a caller who has long been told 503.
 *
 * The row is read in the turn in which the place is given back, which spares each look-up a promise.
 */
export function cappedLookup(
  lookup: Lookup,
  most: number,
): (digest: Bytes) => Found | Promise<Found> {
  let waiting = 0;
  const arrived = (row: unknown) => {
    waiting--;
    return keyOf(row);
  };
  const failed = (error: unknown) => {
    waiting--;
    throw error;
  };
  return (digest) => {
    if (waiting >= most) {
      throw new KeywrightError('store_unavailable', `${most} look-ups wait for the store already`);
    }
    const found = lookup(digest);
    if (!(found instanceof Promise)) return keyOf(found);
    waiting++;
    return found.then(arrived, failed);
  };
}

function keyOf(row: unknown): Found {
  return row === undefined ? undefined : keys.read(row);
}
