import { KeywrightError } from '../errors.ts';
import type { StoredKey } from '../record.ts';
import type { View } from '../store.ts';

/**
 * Returns the key of a view of kind `key`.
 *
 * @throws KeywrightError `key_not_found`
 */
export function viewedKey({ keys: [key] }: View): StoredKey {
  if (key === undefined) throw new KeywrightError('key_not_found', 'no key has this id');
  return key;
}
