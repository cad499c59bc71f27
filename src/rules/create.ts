import type { StoredKey } from '../record.ts';
import type { Attribution } from './attribution.ts';
import { keyEvent } from './events.ts';
import type { ChangeRule } from './rule.ts';

/**
 * Adds a key, with the event `key.created`. Caches never keep an absence, so nothing is purged.
 *
 * @param draw creates the key; called again if its digest or id is taken
 */
export function createRule(
  owner: string,
  draw: () => StoredKey,
  by: Attribution,
): ChangeRule<StoredKey> {
  return {
    query: { kind: 'owner', owner },
    decide() {
      const key = draw();
      return { result: key, draft: { added: [key], events: [keyEvent('key.created', key, by)] } };
    },
  };
}
