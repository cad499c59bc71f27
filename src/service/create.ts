import { defined } from '../json.ts';
import type { StoredKey } from '../record.ts';
import type { CreatedKey } from './contract.ts';
import { withFreshKey } from './fresh.ts';
import type { NewKey } from './input.ts';
import { validMetadata } from './metadata.ts';
import { recordOf } from './record.ts';
import type { Service } from './service.ts';

/** @param owner whose the key becomes; the input cannot name another */
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
  const trace = defined({ at, actor, reason });
  const { environment } = described;
  const expected = { environment, now: at, id };
  const { secret, written } = await withFreshKey(service, expected, async (fresh) => {
    const key: StoredKey = {
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
    await service.store.create(key, trace, defined({ transaction }));
    return key;
  });
  return { secret, record: recordOf(written) };
}
