import { defined } from '../json.ts';
import type { StoredKey } from '../record.ts';
import { createRule } from '../rules/create.ts';
import type { Secret } from '../secret.ts';
import type { CreatedKey } from './contract.ts';
import { drawKey } from './fresh.ts';
import type { NewKey } from './input.ts';
import { validMetadata } from './metadata.ts';
import { recordOf } from './record.ts';
import type { Service } from './service.ts';

/** @param owner the owner of the new key; the input cannot name another */
export async function createKey(
  service: Service,
  owner: string,
  input: Omit<NewKey, 'owner'>,
): Promise<CreatedKey> {
  const { actor, reason, transaction, id, expiresAt, scopes, metadata, ...described } =
    service.read(
      input,
      'key',
      ['name', 'environment', 'actor'],
      ['scopes', 'expiresAt', 'metadata', 'reason', 'id', 'transaction'],
    );
  const kept = await validMetadata(service.metadata, metadata ?? {});
  const at = service.clock.now();
  const { environment } = described;
  let drawn: Secret | undefined;
  const draw = (): StoredKey => {
    const { secret, ...fresh } = drawKey(service, { environment, now: at, id });
    drawn = secret;
    return {
      ...fresh,
      ...described,
      owner,
      scopes: scopes ?? [],
      metadata: kept,
      enabled: true,
      createdAt: at,
      createdBy: actor,
      ...defined({ expiresAt: expiresAt ?? undefined }),
    };
  };
  const rule = createRule(owner, draw, defined({ at, actor, reason }));
  const { result } = await service.changes.make(rule, { transaction });
  return { secret: drawn as Secret, record: recordOf(result) };
}
