import { withDeadline } from '../deadline.ts';
import { canonicalJson } from '../digest/canonical.ts';
import { hasCode } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { VerifiableKey } from '../record.ts';
import type { Attribution } from '../rules/attribution.ts';
import { importRule } from '../rules/import.ts';
import type { Service } from '../service/service.ts';
import type { CheckedRow } from './row.ts';

/** A checked row, and its position in the source, counted from 1. */
export interface PlacedRow extends CheckedRow {
  readonly place: number;
}

/** A row whose digest already belongs to a key. */
export interface PresentRow {
  readonly place: number;
  readonly keyId: string;
  /** The fields in which the key differs from the row; empty if there are none. */
  readonly fields: readonly string[];
}

/** Concurrent look-ups of one batch. */
const LOOKUPS = 16;
/** Maximum number of commits of a batch: other imports may add some of its keys at the same time. */
const ATTEMPTS = 10;

const COMPARED = [
  'owner',
  'name',
  'environment',
  'scopes',
  'metadata',
  'enabled',
  'expiresAt',
  'revokedAt',
] as const;

/**
 * Adds the keys of one owner in one commit, except keys that already exist, and returns the rows of those.
 * It looks the rows up only after a commit has found a digest taken.
 *
 * @param rows at least one, no two with the same digest
 */
export async function writeBatch(
  service: Service,
  owner: string,
  rows: readonly PlacedRow[],
  by: Attribution,
): Promise<readonly PresentRow[]> {
  const present: PresentRow[] = [];
  let absent = rows;
  for (let attempt = 1; absent.length > 0; attempt++) {
    const added = absent.map(({ key }) => key);
    try {
      await service.changes.make(importRule(owner, added, by));
      break;
    } catch (error) {
      if (!hasCode(error, 'digest_taken') || attempt === ATTEMPTS) throw error;
    }
    const found = await findKeys(service, absent);
    absent = absent.filter((row) => {
      const key = found.get(row.key.digest);
      if (key !== undefined) {
        present.push({ place: row.place, keyId: key.id, fields: differences(row, key) });
      }
      return key === undefined;
    });
  }
  await recordUses(service, rows, present);
  return present;
}

async function findKeys(
  { store, storeTimeoutMs }: Service,
  rows: readonly PlacedRow[],
): Promise<ReadonlyMap<string, VerifiableKey>> {
  const found = new Map<string, VerifiableKey>();
  for (let i = 0; i < rows.length; i += LOOKUPS) {
    const some = rows.slice(i, i + LOOKUPS).map(async ({ key: { digest } }) => {
      // Bypass a cache, which may not have received a change of another process yet.
      const reading = Promise.resolve(store.findByDigest(digest, () => false));
      const key = await withDeadline(reading, storeTimeoutMs);
      if (key !== undefined) found.set(digest, key);
    });
    await Promise.all(some);
  }
  return found;
}

function differences({ key: row }: PlacedRow, key: VerifiableKey): string[] {
  return COMPARED.filter((field) => comparable(row[field]) !== comparable(key[field]));
}

function comparable(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

/** Also for keys that already existed: an import may have been killed between its commit and this. */
async function recordUses(
  { store }: Service,
  rows: readonly PlacedRow[],
  present: readonly PresentRow[],
): Promise<void> {
  const ids = new Map(present.map(({ place, keyId, fields }) => [place, { keyId, fields }]));
  const uses = new Map<string, number>();
  for (const { place, key, lastUsedAt } of rows) {
    const there = ids.get(place);
    if (lastUsedAt === undefined || (there && there.fields.length > 0)) continue;
    uses.set(there?.keyId ?? key.id, lastUsedAt);
  }
  if (uses.size > 0) await store.recordUsage(uses);
}
