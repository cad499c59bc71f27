import { withDeadline } from '../deadline.ts';
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

export async function listKeys(
  { read, store, clock, storeTimeoutMs }: Service,
  owner: string,
  filter: KeyFilter,
): Promise<Page<KeyRecord>> {
  const fields = read(
    filter,
    'filter',
    [],
    ['limit', 'cursor', 'environment', 'state', 'text', 'expiresBefore', 'unusedSince'],
  );
  const query = { limit: 20, ...fields, owner, now: clock.now() };
  const page = await withDeadline(store.list(query), storeTimeoutMs);
  return { ...page, items: page.items.map(recordOf) };
}
