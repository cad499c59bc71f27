import type { StoredKey } from '../record.ts';
import type { KeyRef } from '../store.ts';
import type { Attribution } from './attribution.ts';
import { keyEvent } from './events.ts';
import type { ChangeRule, Draft } from './rule.ts';
import { viewedKey } from './viewed-key.ts';

/**
 * Revokes a key permanently, with the event `key.revoked`. A revoked key stays unchanged, without an
 * event. The caller still waits for caches: the process that revoked the key may have died while waiting.
 */
export function revokeRule(ref: KeyRef, by: Attribution): ChangeRule<StoredKey> {
  return {
    query: { kind: 'key', ...ref },
    decide(view) {
      const before = viewedKey(view);
      if (before.revokedAt !== undefined) return { result: before, awaitsCaches: true };
      const after = { ...before, revokedAt: by.at };
      return { result: after, draft: revocation([before], by), awaitsCaches: true };
    },
  };
}

/**
 * Revokes the keys of an owner that are not revoked yet and that `passes` accepts (default: all), with one
 * event each. Returns their number.
 */
export function revokeAllRule(
  owner: string,
  by: Attribution,
  passes: (key: StoredKey) => boolean = () => true,
): ChangeRule<number> {
  return {
    query: { kind: 'unrevoked', owner },
    isBulk: true,
    decide(view) {
      const keys = view.keys.filter(passes);
      if (keys.length === 0) return { result: 0, awaitsCaches: true };
      return { result: keys.length, draft: revocation(keys, by), awaitsCaches: true };
    },
  };
}

function revocation(keys: readonly StoredKey[], by: Attribution): Draft {
  return {
    changed: keys.map((before) => ({ before, after: { ...before, revokedAt: by.at } })),
    events: keys.map((key) => keyEvent('key.revoked', key, by)),
    purged: keys.map(({ id }) => id),
  };
}
