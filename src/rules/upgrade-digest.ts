import { digestsEqual } from '../digest/equal.ts';
import type { ChangeRule } from './rule.ts';

/**
 * Replaces the digest `from` of a key by `to`, for a change of the digest's algorithm. Returns whether
 * the key had the digest `from`. Adds no event, because the key and its token do not change.
 */
export function upgradeDigestRule(id: string, from: string, to: string): ChangeRule<boolean> {
  return {
    query: { kind: 'key', id },
    decide({ keys: [before] }) {
      if (before === undefined || !digestsEqual(before.digest, from)) return { result: false };
      if (to === from) return { result: true };
      return { result: true, draft: { changed: [{ before, after: { ...before, digest: to } }] } };
    },
  };
}
