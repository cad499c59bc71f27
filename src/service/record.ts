import { KeywrightError } from '../errors.ts';
import { cloneJson } from '../json.ts';
import type { KeyRecord, StoredKey } from '../record.ts';

/** What the host is given of a stored key: a copy, which it may change, without the digest. */
export function recordOf({ digest: _, ...record }: StoredKey): KeyRecord {
  return cloneJson(record);
}

/** @throws KeywrightError `key_not_found` where a store found none. */
export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new KeywrightError('key_not_found', 'no key has this id');
  return value;
}
