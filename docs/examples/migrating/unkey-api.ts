import type { KeyResponseData } from '@unkey/api/models/components';
import { digestToken } from 'keywright';
import type { ImportRow } from 'keywright/import';
import type { UnkeyOptions } from './unkey.ts';

/** A key as the API of Unkey lists it with `decrypt`; `undefined` for one that is not recoverable. */
export function keyOfUnkeyResponse<const Environment extends string>(
  key: KeyResponseData,
  { environment, owner }: UnkeyOptions<Environment>,
): ImportRow<Environment> | undefined {
  if (key.plaintext === undefined) return undefined;
  return {
    digest: digestToken(key.plaintext),
    name: key.name ?? key.keyId,
    owner: key.identity?.externalId ?? owner,
    environment,
    scopes: key.permissions ?? [],
    metadata: { importedFrom: `keys/${key.keyId}` },
    hint: key.start,
    enabled: key.enabled,
    createdAt: key.createdAt,
    expiresAt: key.expires ?? null,
    lastUsedAt: key.lastUsedAt ?? null,
  };
}
