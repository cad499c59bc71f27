import type { Attribution } from '../rules/attribution.ts';
import { revokeAllRule, revokeRule } from '../rules/revoke.ts';
import type { KeyRef } from '../store.ts';
import type { ChangedKey, RevokedKeys } from './contract.ts';
import type { RevokeOptions } from './input.ts';
import { changedRecord } from './record.ts';
import type { Service } from './service.ts';

export async function revokeKey(
  service: Service,
  ref: KeyRef,
  options: RevokeOptions,
): Promise<ChangedKey> {
  const { by, wait } = optionsOf(service, options);
  return changedRecord(await service.changes.make(revokeRule(ref, by), { wait }));
}

export async function revokeAllKeys(
  service: Service,
  owner: string,
  options: RevokeOptions,
): Promise<RevokedKeys> {
  const { by, wait } = optionsOf(service, options);
  const { result, effect } = await service.changes.make(revokeAllRule(owner, by), { wait });
  return { revoked: result, effect };
}

function optionsOf({ read, clock }: Service, options: RevokeOptions) {
  const { wait, ...fields } = read(options, 'options', ['actor'], ['reason', 'wait']);
  const by: Attribution = { at: clock.now(), ...fields };
  return { by, wait };
}
