import { withDeadline } from '../deadline.ts';
import { cloneJson } from '../json.ts';
import type { ActivityAction, ActivityEvent, Page } from '../record.ts';
import {
  checkFields,
  checkId,
  checkMoment,
  checkOneOf,
  checkPage,
  checkTrace,
} from './arguments.ts';
import type { ActivityFilter, By } from './contract.ts';
import type { Service } from './service.ts';

const ACTIONS: readonly ActivityAction[] = [
  'key.created',
  'key.updated',
  'key.rotated',
  'key.revoked',
  'activity.erased',
];
const FILTERS = ['limit', 'cursor', 'keyId', 'action', 'actorId', 'from', 'to'];

export async function listActivity(
  { store, storeTimeoutMs }: Service,
  owner: string,
  filter: ActivityFilter,
): Promise<Page<ActivityEvent>> {
  checkFields(filter, 'filter', FILTERS);
  const { keyId, action, actorId, from, to } = filter;
  const query = {
    owner,
    ...checkPage(filter),
    ...(keyId === undefined ? {} : { keyId: checkId(keyId, 'keyId') }),
    ...(action === undefined ? {} : { action: checkOneOf(action, 'action', ACTIONS) }),
    ...(actorId === undefined ? {} : { actorId: checkId(actorId, 'actorId') }),
    ...(from === undefined ? {} : { from: checkMoment(from, 'from') }),
    ...(to === undefined ? {} : { to: checkMoment(to, 'to') }),
  };
  const { items, cursor } = await withDeadline(store.listActivity(query), storeTimeoutMs);
  const events = items.map(eventOf);
  return cursor === undefined ? { items: events } : { items: events, cursor };
}

export async function eraseActor(
  { store, clock }: Service,
  owner: string,
  { actorId, ...by }: By & { readonly actorId: string },
): Promise<{ erased: number }> {
  checkFields(by, 'erasure', ['actor', 'reason']);
  const trace = checkTrace(by, clock.now());
  return { erased: await store.eraseActor(owner, checkId(actorId, 'actorId'), trace) };
}

/** What the host is given of a stored event: a copy, which it may change. */
export function eventOf(event: ActivityEvent): ActivityEvent {
  const { change } = event;
  return {
    ...event,
    actor: cloneJson(event.actor),
    ...(change === undefined ? {} : { change: cloneJson({ ...change }) }),
  };
}
