import { type ActivityEvent, keyState, type StoredKey } from '../record.ts';
import type { ActivityQuery, AllKeysFilters } from '../store.ts';
import { foldText } from '../text-folding.ts';

/** Whether a key passes the filters of a query, of one owner or of all owners. */
export function matchesKey(query: AllKeysFilters, key: StoredKey): boolean {
  const { environment, state, text, unusedSince, createdBy, hint, now } = query;
  return (
    (environment === undefined || key.environment === environment) &&
    (state === undefined || keyState(key, now) === state) &&
    (text === undefined || foldText(key.name).includes(foldText(text))) &&
    (createdBy === undefined || key.createdBy.id === createdBy) &&
    (hint === undefined || key.hint === hint) &&
    isWithin(key.createdAt, query.createdAfter, query.createdBefore) &&
    isWithin(key.expiresAt, query.expiresAfter, query.expiresBefore) &&
    (unusedSince === undefined || Math.max(key.createdAt, key.lastUsedAt ?? 0) < unusedSince)
  );
}

/** Whether an event passes the filters of a query. */
export function matchesEvent(query: ActivityQuery, event: ActivityEvent): boolean {
  const { keyId, action, actorId, from, to } = query;
  return (
    (keyId === undefined || event.keyId === keyId) &&
    (action === undefined || event.action === action) &&
    (actorId === undefined || event.actor.id === actorId) &&
    isWithin(event.at, from, to)
  );
}

/** Whether `from <= at < to`. An absent time is outside every span that has a bound. */
function isWithin(at: number | undefined, from?: number, to?: number): boolean {
  if (from === undefined && to === undefined) return true;
  return at !== undefined && (from === undefined || at >= from) && (to === undefined || at < to);
}
