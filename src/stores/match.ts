import { type ActivityEvent, keyState, type StoredKey } from '../record.ts';
import type { ActivityQuery, KeyQuery } from '../store.ts';

/** Whether a key passes the filters of a query. */
export function matchesKey(query: KeyQuery, key: StoredKey): boolean {
  const { environment, state, text, expiresBefore, unusedSince, now } = query;
  return (
    (environment === undefined || key.environment === environment) &&
    (state === undefined || keyState(key, now) === state) &&
    (text === undefined || key.name.toLowerCase().includes(text.toLowerCase())) &&
    (expiresBefore === undefined ||
      (key.expiresAt !== undefined && key.expiresAt < expiresBefore)) &&
    (unusedSince === undefined || (key.lastUsedAt ?? key.createdAt) < unusedSince)
  );
}

/** Whether an event passes the filters of a query. */
export function matchesEvent(query: ActivityQuery, event: ActivityEvent): boolean {
  const { keyId, action, actorId, from, to } = query;
  return (
    (keyId === undefined || event.keyId === keyId) &&
    (action === undefined || event.action === action) &&
    (actorId === undefined || event.actor.id === actorId) &&
    (from === undefined || event.at >= from) &&
    (to === undefined || event.at < to)
  );
}
