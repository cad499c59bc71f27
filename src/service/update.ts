import { invalid, KeywrightError } from '../errors.ts';
import { defined } from '../json.ts';
import type { KeyChange, KeyRecord } from '../record.ts';
import type { KeyRef } from '../store.ts';
import type { ChangeOptions } from './input.ts';
import { validMetadata } from './metadata.ts';
import { found, recordOf } from './record.ts';
import type { Service } from './service.ts';

export async function updateKey(
  { read, store, clock, metadata: schema }: Service,
  ref: KeyRef,
  change: KeyChange,
  options: ChangeOptions,
): Promise<KeyRecord> {
  const { transaction, ...by } = read(options, 'options', ['actor'], ['reason', 'transaction']);
  const fields = ['name', 'scopes', 'metadata', 'enabled', 'expiresAt'] as const;
  const changes: KeyChange = read(change, 'change', [], fields);
  if (Object.keys(changes).length === 0) throw invalid('change', 'must name a field');
  const { metadata } = changes;
  const kept = metadata && { metadata: await validMetadata(schema, metadata) };
  const trace = { at: clock.now(), ...by };
  const outcome = found(
    await store.update(ref, { ...changes, ...kept }, trace, defined({ transaction })),
  );
  if ('refused' in outcome) throw new KeywrightError('key_revoked', 'the key is revoked');
  return recordOf(outcome.key);
}
