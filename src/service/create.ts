import type { StoredKey } from '../record.ts';
import {
  checkEnvironment,
  checkExpiry,
  checkFields,
  checkMetadata,
  checkName,
  checkOwner,
  checkScopes,
  checkTrace,
  mutationOptions,
} from './arguments.ts';
import type { CreatedKey, NewKey } from './contract.ts';
import { withFreshKey } from './fresh.ts';
import { recordOf } from './record.ts';
import type { Service } from './service.ts';

const FIELDS = [
  'name',
  'environment',
  'actor',
  'scopes',
  'expiresAt',
  'metadata',
  'reason',
  'transaction',
];

/** @param owner the owner, where the caller fixes it; the input then cannot name one */
export async function createKey(
  service: Service,
  input: Omit<NewKey, 'owner'> & { readonly owner?: string },
  owner?: string,
): Promise<CreatedKey> {
  checkFields(input, 'key', owner === undefined ? ['owner', ...FIELDS] : FIELDS);
  const now = service.clock.now();
  const { scopes, expiresAt, metadata } = input;
  const trace = checkTrace(input, now);
  const described = {
    name: checkName(input.name),
    owner: checkOwner(owner ?? input.owner),
    environment: checkEnvironment(input.environment, service.format),
    scopes: scopes === undefined ? [] : checkScopes(scopes),
    metadata: metadata === undefined ? {} : checkMetadata(metadata),
    enabled: true,
    createdAt: now,
    createdBy: trace.actor,
    ...(expiresAt === undefined ? {} : { expiresAt: checkExpiry(expiresAt, now) }),
  };
  const options = mutationOptions(input);
  const { secret, written } = await withFreshKey(
    service,
    described.environment,
    now,
    async (fresh) => {
      const key: StoredKey = { ...fresh, ...described };
      await service.store.create(key, trace, options);
      return key;
    },
  );
  return { secret, record: recordOf(written) };
}
