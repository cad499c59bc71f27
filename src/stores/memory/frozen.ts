import { mapMembers } from '../../json.ts';
import type { StoredKey } from '../../record.ts';

// One of each for all keys without scopes or metadata: at a million keys this saves 70 MB.
const NO_ITEMS: readonly never[] = /* @__PURE__ */ Object.freeze([]);
const NO_MEMBERS = /* @__PURE__ */ Object.freeze({});

/** A deeply frozen copy of a key, whose members a literal puts into the object itself. */
export function frozenKey(key: StoredKey): StoredKey {
  const { id, digest, hint, name, owner, environment, scopes, metadata, ...rest } = key;
  const { enabled, createdAt, createdBy, ...more } = rest;
  const kept = {
    id,
    digest,
    hint,
    name,
    owner,
    environment,
    scopes: frozenCopy(scopes),
    metadata: frozenCopy(metadata),
    enabled,
    createdAt,
    createdBy: frozenCopy(createdBy),
  };
  return Object.freeze(Object.assign(kept, more));
}

/** A deeply frozen copy of plain JSON, which can be handed out as it is. */
export function frozenCopy<Value>(value: Value): Value;
export function frozenCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.length === 0 ? NO_ITEMS : Object.freeze(value.map(frozenCopy));
  }
  const copy = mapMembers(value, frozenCopy);
  return Object.keys(copy).length === 0 ? NO_MEMBERS : Object.freeze(copy);
}
