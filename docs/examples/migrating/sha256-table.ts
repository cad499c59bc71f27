import type { ImportRow } from 'keywright/import';
import { timeOf } from './time-of.ts';

/** A table of one's own: the hex of SHA-256 over the whole token. */
export const SHA256_TABLE = `
  create table api_keys (
    id integer primary key,
    account_id text not null,
    label text not null,
    key_hash text not null unique,
    key_prefix text not null,
    scopes text not null default '',
    created_at text not null,
    expires_at text,
    last_used_at text,
    revoked_at text
  )`;

/** A row of {@link SHA256_TABLE}. */
export interface Sha256Row {
  readonly id: number;
  readonly account_id: string;
  readonly label: string;
  readonly key_hash: string;
  readonly key_prefix: string;
  /** Separated by spaces. */
  readonly scopes: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

export function keyOfSha256Row<const Environment extends string>(
  row: Sha256Row,
  environment: Environment,
): ImportRow<Environment> {
  return {
    digest: row.key_hash,
    name: row.label,
    owner: row.account_id,
    environment,
    scopes: row.scopes.split(' ').filter((scope) => scope !== ''),
    metadata: { importedFrom: `api_keys/${row.id}` },
    hint: row.key_prefix,
    enabled: true,
    createdAt: timeOf(row.created_at),
    expiresAt: timeOf(row.expires_at),
    lastUsedAt: timeOf(row.last_used_at),
    revokedAt: timeOf(row.revoked_at),
  };
}
