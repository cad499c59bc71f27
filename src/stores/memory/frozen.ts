import { cloneJson, type JsonObject, type JsonValue } from '../../json.ts';
import type { ActivityEvent, StoredKey } from '../../record.ts';

// One of each for all keys without scopes or metadata: at a million keys this saves 70 MB.
const NO_SCOPES: readonly string[] = Object.freeze([]);
const NO_METADATA: JsonObject = Object.freeze({});

/** A deeply frozen copy, which can be handed out as it is. */
export function frozenKey(key: StoredKey): StoredKey {
  return Object.freeze({
    ...key,
    scopes: key.scopes.length === 0 ? NO_SCOPES : Object.freeze([...key.scopes]),
    metadata: Object.keys(key.metadata).length === 0 ? NO_METADATA : frozenJson(key.metadata),
    createdBy: frozenJson(key.createdBy),
  });
}

/** A deeply frozen copy of an event. */
export function frozenEvent(event: ActivityEvent): ActivityEvent {
  const { change } = event;
  return Object.freeze({
    ...event,
    actor: frozenJson(event.actor),
    ...(change === undefined ? {} : { change: frozenJson({ ...change }) }),
  });
}

export function frozenJson<Value extends JsonValue>(value: Value): Value {
  return deepFreeze(cloneJson(value));
}

function deepFreeze<Value extends JsonValue>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member as JsonValue);
    Object.freeze(value);
  }
  return value;
}
