import { defined } from '../json.ts';
import { rotateRule } from '../rules/rotate.ts';
import type { Secret } from '../secret.ts';
import type { KeyRef } from '../store.ts';
import type { RotatedKey } from './contract.ts';
import { drawKey } from './fresh.ts';
import type { RotateOptions } from './input.ts';
import { recordOf } from './record.ts';
import type { Service } from './service.ts';

export async function rotateKey(
  service: Service,
  ref: KeyRef,
  options: RotateOptions,
): Promise<RotatedKey> {
  const { read, changes, clock } = service;
  const optional = ['reason', 'transaction', 'graceMs', 'expiresAt', 'id'] as const;
  const fields = read(options, 'options', ['actor'], optional);
  const { transaction, graceMs, expiresAt, id, ...by } = fields;
  const now = clock.now();
  const graceEndsAt = graceMs === undefined ? undefined : now + graceMs;
  let drawn: Secret | undefined;
  const rule = rotateRule(
    ref,
    ({ environment }) => {
      const { secret, ...fresh } = drawKey(service, { environment, now, id });
      drawn = secret;
      return { ...fresh, ...defined({ expiresAt, graceEndsAt }) };
    },
    { at: now, ...by },
  );
  const { result, effect } = await changes.make(rule, { transaction });
  const { key, replaced } = result;
  return {
    secret: drawn as Secret,
    record: recordOf(key),
    replaced: recordOf(replaced),
    effect,
  };
}
