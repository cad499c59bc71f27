import { withDeadline } from '../deadline.ts';
import { cloneJson } from '../json.ts';
import type { ActivityEvent, Page } from '../record.ts';
import type { ActivityFilter, By } from './input.ts';
import type { Service } from './service.ts';

export async function listActivity(
  { read, store, storeTimeoutMs }: Service,
  owner: string,
  filter: ActivityFilter,
): Promise<Page<ActivityEvent>> {
  const fields = read(
    filter,
    'filter',
    [],
    ['limit', 'cursor', 'keyId', 'action', 'actorId', 'from', 'to'],
  );
  const query = { limit: 20, ...fields, owner };
  return cloneJson(await withDeadline(store.listActivity(query), storeTimeoutMs));
}

export async function eraseActor(
  { read, store, clock }: Service,
  owner: string,
  erasure: By & { readonly actorId: string },
): Promise<{ erased: number }> {
  const { actorId, ...by } = read(erasure, 'erasure', ['actor', 'actorId'], ['reason']);
  return { erased: await store.eraseActor(owner, actorId, { at: clock.now(), ...by }) };
}
