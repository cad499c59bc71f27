import { KeywrightError } from '../errors.ts';
import type { KeyChange, KeyRecord } from '../record.ts';
import type { KeyRef } from '../store.ts';
import { checkChange, checkFields, checkTrace, mutationOptions } from './arguments.ts';
import type { ChangeOptions } from './contract.ts';
import { found, recordOf } from './record.ts';
import type { Service } from './service.ts';

export async function updateKey(
  { store, clock }: Service,
  ref: KeyRef,
  change: KeyChange,
  options: ChangeOptions,
): Promise<KeyRecord> {
  checkFields(options, 'options', ['actor', 'reason', 'transaction']);
  const now = clock.now();
  const trace = checkTrace(options, now);
  const changes = checkChange(change, now);
  const outcome = found(await store.update(ref, changes, trace, mutationOptions(options)));
  if ('refused' in outcome) throw new KeywrightError('key_revoked', 'the key is revoked');
  return recordOf(outcome.key);
}
