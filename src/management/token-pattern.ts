import type { LegacyFormat } from '../digest/legacy.ts';
import type { TokenFormat } from '../token/format.ts';

/** Returns a regular expression that finds whole tokens of all environments in a text. */
export function tokenPattern({ brand, environments, secretLength }: TokenFormat): string {
  // Brand and environments consist of letters, digits and `_`, which need no escaping.
  const [first = '', ...others] = environments;
  const environment = others.length === 0 ? first : `(?:${environments.join('|')})`;
  return `\\b${brand}_${environment}_[0-9A-Za-z]{${secretLength}}\\b`;
}

/** The shape of a key's id. A legacy format with the prefix `key_` may match it. */
const SAMPLE_ID = `key_${'0'.repeat(23)}`;

/**
 * Returns regular expressions that find tokens of legacy formats in a text. A format has none if its
 * tokens look like other words or like ids of keys.
 */
export function legacyPatterns(legacy: readonly LegacyFormat[]): string[] {
  const patterns = legacy.flatMap(({ pattern }) => pattern ?? []);
  return patterns.filter((pattern) => !new RegExp(pattern).test(SAMPLE_ID));
}
