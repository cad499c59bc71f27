import { KeywrightError } from '../errors.ts';
import { defined } from '../json.ts';
import type { KeyChange, StoredKey } from '../record.ts';
import type { KeyRef } from '../store.ts';
import type { Attribution } from './attribution.ts';
import { keyEvent } from './events.ts';
import type { ChangeRule } from './rule.ts';
import { viewedKey } from './viewed-key.ts';

/** Changes the given fields, with the event `key.updated`. A revoked key cannot be changed. */
export function updateRule(ref: KeyRef, change: KeyChange, by: Attribution): ChangeRule<StoredKey> {
  return {
    query: { kind: 'key', ...ref },
    decide(view) {
      const before = viewedKey(view);
      if (before.revokedAt !== undefined) {
        throw new KeywrightError('key_revoked', 'the key is revoked');
      }
      const after = changedKey(before, change);
      return {
        result: after,
        draft: {
          changed: [{ before, after }],
          events: [keyEvent('key.updated', before, by, { change })],
          purged: [before.id],
        },
        awaitsCaches: narrows(before, after),
      };
    },
  };
}

/** The key after an update. */
function changedKey(key: StoredKey, change: KeyChange): StoredKey {
  const { expiresAt = key.expiresAt, ...fields } = change;
  return defined({ ...key, ...fields, expiresAt: expiresAt ?? undefined });
}

/**
 * Whether a request that `before` allows could be refused under `after`. A change of metadata counts,
 * because the application may decide by it.
 */
export function narrows(before: StoredKey, after: StoredKey): boolean {
  return (
    (before.enabled && !after.enabled) ||
    (after.expiresAt ?? Number.POSITIVE_INFINITY) <
      (before.expiresAt ?? Number.POSITIVE_INFINITY) ||
    before.scopes.some((scope) => !after.scopes.includes(scope)) ||
    JSON.stringify(before.metadata) !== JSON.stringify(after.metadata)
  );
}
