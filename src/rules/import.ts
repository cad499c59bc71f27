import { KeywrightError } from '../errors.ts';
import type { StoredKey } from '../record.ts';
import type { View } from '../store.ts';
import type { Attribution } from './attribution.ts';
import { keyEvent } from './events.ts';
import type { ChangeRule } from './rule.ts';

/**
 * Adds keys of one owner that another system issued, with one event `key.imported` each, all in one commit.
 * Caches never keep an absence, so nothing is purged.
 *
 * Rejects with `digest_taken`, and writes nothing, if another key already has one of the digests.
 */
export function importRule(
  owner: string,
  keys: readonly StoredKey[],
  by: Attribution,
): ChangeRule<void> {
  let decided: View | undefined;
  return {
    query: { kind: 'owner', owner },
    decide(view) {
      // A second call with the same view means a taken digest, and an imported digest cannot be redrawn.
      if (view === decided) {
        throw new KeywrightError('digest_taken', 'another key has one of the digests');
      }
      decided = view;
      const events = keys.map((key) => keyEvent('key.imported', key, by));
      return { result: undefined, draft: { added: keys, events } };
    },
  };
}
