import type { ImportRow } from 'keywright/import';
import { timeOf } from './time-of.ts';

/** What a service keeps of a key of `prefixed-api-key`, and whose the key is. */
export interface PrefixedApiKeyRow {
  readonly shortToken: string;
  /** The hex of SHA-256 over the long token, which is what follows the second `_`. */
  readonly longTokenHash: string;
  readonly account: string;
  readonly name: string;
  readonly createdAt: string | Date;
}

/** What the rows do not say. */
export interface PrefixedApiKeyOptions<Environment extends string> {
  readonly environment: Environment;
  /** The `keyPrefix` that the keys were generated with. */
  readonly keyPrefix: string;
}

export function keyOfPrefixedApiKeyRow<const Environment extends string>(
  row: PrefixedApiKeyRow,
  { environment, keyPrefix }: PrefixedApiKeyOptions<Environment>,
): ImportRow<Environment> {
  return {
    digest: row.longTokenHash,
    name: row.name,
    owner: row.account,
    environment,
    scopes: [],
    metadata: {},
    hint: `${keyPrefix}_${row.shortToken}`,
    enabled: true,
    createdAt: timeOf(row.createdAt),
  };
}
