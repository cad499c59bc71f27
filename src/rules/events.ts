import type { UnsealedEvent } from '../digest/chain.ts';
import { defined } from '../json.ts';
import type { ActivityAction, StoredKey } from '../record.ts';
import type { Attribution } from './attribution.ts';

/** Creates the event of a change of one key, with the key's name before the change. */
export function keyEvent(
  action: ActivityAction,
  { id, name, owner }: StoredKey,
  by: Attribution,
  details: Pick<UnsealedEvent, 'change' | 'successorId' | 'graceEndsAt'> = {},
): UnsealedEvent {
  return { ...ownerEvent(action, owner, by), keyId: id, keyName: name, ...details };
}

/** Creates the event of a change that does not concern a single key. */
export function ownerEvent(
  action: ActivityAction,
  owner: string,
  { at, actor, reason }: Attribution,
): UnsealedEvent {
  return defined({ at, action, owner, actor, reason });
}
