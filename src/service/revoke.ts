import type { KeyRecord } from '../record.ts';
import type { KeyRef } from '../store.ts';
import { checkFields, checkTrace } from './arguments.ts';
import type { By } from './contract.ts';
import { found, recordOf } from './record.ts';
import type { Service } from './service.ts';

export async function revokeKey(
  { store, clock }: Service,
  ref: KeyRef,
  by: By,
): Promise<KeyRecord> {
  checkFields(by, 'options', ['actor', 'reason']);
  return recordOf(found(await store.revoke(ref, checkTrace(by, clock.now()))));
}

export async function revokeAllKeys(
  { store, clock }: Service,
  owner: string,
  by: By,
): Promise<{ revoked: number }> {
  checkFields(by, 'options', ['actor', 'reason']);
  return { revoked: await store.revokeAll(owner, checkTrace(by, clock.now())) };
}
