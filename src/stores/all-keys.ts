import type { Page, StoredKey } from '../record.ts';
import { matchesKey } from '../rules/match.ts';
import type { AllKeysQuery } from '../store.ts';
import { type AllKeysPlace, allKeysCursor, placeInAll, readAllKeysCursor } from './cursor.ts';
import { pageOf } from './page.ts';

/**
 * Returns the page of a query over the keys of all owners, from keys in any order. Checks every key, and
 * sorts those that pass.
 *
 * @throws KeywrightError `invalid_argument` if the cursor is not one of this order
 */
export function pageOfAll(keys: Iterable<StoredKey>, query: AllKeysQuery): Page<StoredKey> {
  const { order, cursor, limit } = query;
  const after = cursor === undefined ? undefined : readAllKeysCursor(order, cursor);
  const passing: { place: AllKeysPlace; key: StoredKey }[] = [];
  for (const key of keys) {
    const place = placeInAll(order, key);
    if (place === undefined || (after && comparePlaces(order, place, after) <= 0)) continue;
    if (matchesKey(query, key)) passing.push({ place, key });
  }
  passing.sort((one, two) => comparePlaces(order, one.place, two.place));
  const sorted = passing.map(({ key }) => key);
  return pageOf(
    sorted,
    () => true,
    limit,
    (key) => allKeysCursor(order, key),
  );
}

/** Returns a negative number if `one` comes before `two` in the order, a positive one if after. */
function comparePlaces(order: AllKeysQuery['order'], one: AllKeysPlace, two: AllKeysPlace): number {
  const earlier = one.at - two.at || (one.id < two.id ? -1 : Number(one.id > two.id));
  return order === 'expiry' ? earlier : -earlier;
}
