import type { ImportRow } from 'keywright/import';
import { timeOf } from './time-of.ts';

/** What matters here of the tables of Unkey, which are of MySQL; written so that SQLite takes them too. */
export const UNKEY_TABLES = `
  create table \`keys\` (
    pk integer primary key,
    id varchar(256) not null unique,
    key_auth_id varchar(256) not null,
    hash varchar(256) not null unique,
    start varchar(256) not null,
    workspace_id varchar(256) not null,
    name varchar(256),
    owner_id varchar(256),
    identity_id varchar(256),
    meta text,
    expires datetime(3),
    created_at_m bigint not null default 0,
    updated_at_m bigint,
    deleted_at_m bigint,
    enabled boolean not null default true
  );
  create table identities (
    pk integer primary key,
    id varchar(256) not null unique,
    external_id varchar(256) not null,
    workspace_id varchar(256) not null
  )`;

/** The keys, each with whose it is. */
export const UNKEY_QUERY = `
  select k.*, i.external_id
  from \`keys\` as k left join identities as i on i.id = k.identity_id`;

/** A row of {@link UNKEY_QUERY}. */
export interface UnkeyRow {
  readonly id: string;
  /** The base64 of SHA-256 over the whole key. */
  readonly hash: string;
  readonly start: string;
  readonly name: string | null;
  /** Whose key it is, where it has an identity. */
  readonly external_id: string | null;
  /** Whose key it is, where it is older than identities. */
  readonly owner_id: string | null;
  readonly expires: string | Date | null;
  /** Epoch milliseconds. */
  readonly created_at_m: number;
  /** When the key was revoked, in epoch milliseconds. */
  readonly deleted_at_m: number | null;
  readonly enabled: number | boolean;
}

/** What the rows do not say. */
export interface UnkeyOptions<Environment extends string> {
  readonly environment: Environment;
  /** Whose keys those without an owner are. */
  readonly owner: string;
}

export function keyOfUnkeyRow<const Environment extends string>(
  row: UnkeyRow,
  { environment, owner }: UnkeyOptions<Environment>,
): ImportRow<Environment> {
  return {
    digest: Buffer.from(row.hash, 'base64').toString('hex'),
    name: row.name ?? row.id,
    owner: row.external_id ?? row.owner_id ?? owner,
    environment,
    scopes: [],
    metadata: { importedFrom: `keys/${row.id}` },
    hint: row.start,
    enabled: Boolean(row.enabled),
    createdAt: row.created_at_m,
    expiresAt: timeOf(row.expires),
    revokedAt: row.deleted_at_m,
  };
}
