import type { ImportRow } from 'keywright/import';
import { timeOf } from './time-of.ts';

/** A row of the table `apikey`, as a driver gives it. */
export interface BetterAuthRow {
  readonly id: string;
  readonly name: string | null;
  /** The first characters of the key. */
  readonly start: string | null;
  /** The user or organization that the key belongs to. */
  readonly referenceId: string;
  /** The base64url of SHA-256 over the whole key, without padding. */
  readonly key: string;
  readonly enabled: number | boolean | null;
  readonly lastRequest: string | Date | null;
  readonly expiresAt: string | Date | null;
  readonly createdAt: string | Date;
  /** JSON: lists of actions by resource. */
  readonly permissions: string | null;
}

export function keyOfBetterAuthRow<const Environment extends string>(
  row: BetterAuthRow,
  environment: Environment,
): ImportRow<Environment> {
  const permissions = JSON.parse(row.permissions ?? '{}') as Record<string, string[]>;
  const scopes = Object.entries(permissions).flatMap(([resource, actions]) =>
    actions.map((action) => `${resource}:${action}`),
  );
  return {
    digest: row.key,
    name: row.name ?? row.id,
    owner: row.referenceId,
    environment,
    scopes,
    metadata: { importedFrom: `apikey/${row.id}` },
    hint: row.start ?? '',
    enabled: Boolean(row.enabled ?? true),
    createdAt: timeOf(row.createdAt),
    expiresAt: timeOf(row.expiresAt),
    lastUsedAt: timeOf(row.lastRequest),
  };
}
