import { withDeadline } from '../deadline.ts';
import { DEFAULT_PAGE } from '../limits.ts';
import type { KeyRecord, Page } from '../record.ts';
import type { KeyRef } from '../store.ts';
import type { KeyFilter } from './input.ts';
import { recordOf } from './record.ts';
import type { Service } from './service.ts';

export async function getKey(
  { store, storeTimeoutMs }: Service,
  ref: KeyRef,
): Promise<KeyRecord | undefined> {
  const key = await withDeadline(store.find(ref), storeTimeoutMs);
  return key && recordOf(key);
}

/** The filters that lists of one owner and of all owners share. */
export const KEY_FILTERS = [
  'environment',
  'state',
  'text',
  'expiresBefore',
  'unusedSince',
] as const;
/** The fields that select a page of a list. */
export const PAGE_FIELDS = ['limit', 'cursor'] as const;

export async function listKeys(
  { read, store, clock, storeTimeoutMs }: Service,
  owner: string,
  filter: KeyFilter,
): Promise<Page<KeyRecord>> {
  const fields = read(filter, 'filter', [], [...PAGE_FIELDS, ...KEY_FILTERS]);
  const query = { limit: DEFAULT_PAGE, ...fields, owner, now: clock.now() };
  const page = await withDeadline(store.list(query), storeTimeoutMs);
  return { ...page, items: page.items.map(recordOf) };
}
