import type { ImportRow } from 'keywright/import';
import { timeOf } from './time-of.ts';

/** The table of Laravel Sanctum, in SQLite. A revoked token has no row: Sanctum deletes it. */
export const SANCTUM_TABLE = `
  create table personal_access_tokens (
    id integer primary key autoincrement not null,
    tokenable_type varchar not null,
    tokenable_id integer not null,
    name text not null,
    token varchar not null unique,
    abilities text,
    last_used_at datetime,
    expires_at datetime,
    created_at datetime,
    updated_at datetime
  )`;

/** A row of {@link SANCTUM_TABLE}. */
export interface SanctumRow {
  readonly id: number;
  readonly tokenable_type: string;
  readonly tokenable_id: number;
  readonly name: string;
  /** The hex of SHA-256 over what follows `|` in the token. */
  readonly token: string;
  /** A JSON list, with `*` for all. */
  readonly abilities: string | null;
  readonly last_used_at: string | null;
  readonly expires_at: string | null;
  readonly created_at: string;
}

/** What the rows do not say. */
export interface SanctumOptions<Environment extends string> {
  readonly environment: Environment;
  /** What `*` stands for: the scopes of your service. */
  readonly allScopes: readonly string[];
}

export function keyOfSanctumRow<const Environment extends string>(
  row: SanctumRow,
  options: SanctumOptions<Environment>,
): ImportRow<Environment> {
  const abilities = JSON.parse(row.abilities ?? '[]') as string[];
  return {
    digest: row.token,
    name: row.name,
    owner: String(row.tokenable_id),
    environment: options.environment,
    scopes: abilities.includes('*') ? options.allScopes : abilities,
    metadata: { importedFrom: `personal_access_tokens/${row.id}` },
    hint: `${row.id}|`,
    enabled: true,
    createdAt: timeOf(row.created_at),
    expiresAt: timeOf(row.expires_at),
    lastUsedAt: timeOf(row.last_used_at),
  };
}
