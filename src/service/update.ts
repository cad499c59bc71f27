import { invalid } from '../errors.ts';
import type { KeyChange } from '../record.ts';
import { updateRule } from '../rules/update.ts';
import type { KeyRef } from '../store.ts';
import type { ChangedKey } from './contract.ts';
import type { ChangeOptions, KeyUpdate } from './input.ts';
import { validMetadata } from './metadata.ts';
import { changedRecord } from './record.ts';
import type { Service } from './service.ts';

export async function updateKey(
  { read, changes, clock, metadata: schema }: Service,
  ref: KeyRef,
  change: KeyUpdate,
  options: ChangeOptions,
): Promise<ChangedKey> {
  const { transaction, wait, ...by } = read(
    options,
    'options',
    ['actor'],
    ['reason', 'transaction', 'wait'],
  );
  const fields = ['name', 'scopes', 'metadata', 'enabled', 'expiresAt'] as const;
  const given: KeyChange = read(change, 'change', [], fields);
  if (Object.keys(given).length === 0) throw invalid('change', 'must have at least one field');
  const { metadata } = given;
  const kept = metadata && { metadata: await validMetadata(schema, metadata) };
  const rule = updateRule(ref, { ...given, ...kept }, { at: clock.now(), ...by });
  return changedRecord(await changes.make(rule, { transaction, wait }));
}
