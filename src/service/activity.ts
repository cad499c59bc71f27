import { withDeadline } from '../deadline.ts';
import { cloneJson } from '../json.ts';
import { DEFAULT_PAGE } from '../limits.ts';
import type { ActivityEvent, Page } from '../record.ts';
import { eraseActorRule } from '../rules/erase-actor.ts';
import type { ActivityFilter, ActorOptions } from './input.ts';
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
  const query = { limit: DEFAULT_PAGE, ...fields, owner };
  return cloneJson(await withDeadline(store.listActivity(query), storeTimeoutMs));
}

export async function eraseActor(
  { read, changes, clock }: Service,
  owner: string,
  erasure: ActorOptions & { readonly actorId: string },
): Promise<{ erased: number }> {
  const { actorId, ...by } = read(erasure, 'erasure', ['actor', 'actorId'], ['reason']);
  const { result } = await changes.make(eraseActorRule(owner, actorId, { at: clock.now(), ...by }));
  return { erased: result };
}
