import { cloneJson } from '../json.ts';
import type { KeyRecord, StoredKey } from '../record.ts';
import type { ChangeOutcome } from '../rules/changes.ts';
import type { ChangedKey } from './contract.ts';

/** Copies a stored key without its digest, so that the caller may change the copy. */
export function recordOf({ digest: _, ...record }: StoredKey): KeyRecord {
  return cloneJson(record);
}

/** The record of a changed key, with the effect of the change. */
export function changedRecord({ result, effect }: ChangeOutcome<StoredKey>): ChangedKey {
  return { ...recordOf(result), effect };
}
