import { frozenCopy } from '../../json.ts';
import type { StoredKey } from '../../record.ts';

/** Returns a deeply frozen copy of a key. A literal makes the engine keep the members in the object. */
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
