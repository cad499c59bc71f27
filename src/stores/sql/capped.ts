import { KeywrightError } from '../../errors.ts';
import type { Lookup } from './engine.ts';

/**
 * Refuses look-ups while `most` wait for an answer already: where a server hangs, each would hold
 * memory and a place in the queue of the pool for a caller who has long been told 503.
 */
export function capped(lookup: Lookup, most: number): Lookup {
  let waiting = 0;
  const done = () => {
    waiting--;
  };
  return (digest) => {
    if (waiting >= most) {
      throw new KeywrightError('store_unavailable', `${most} look-ups wait for the store already`);
    }
    const found = lookup(digest);
    if (!(found instanceof Promise)) return found;
    waiting++;
    found.then(done, done);
    return found;
  };
}
