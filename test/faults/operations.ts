import { createApiKeys, type KeyStore, tokenFormat } from 'keywright';

/** The service whose keys are put at risk. */
export function serviceOver(store: KeyStore, storeTimeoutMs = 2000) {
  const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
  return createApiKeys({ format, environments: ['live'], store, storeTimeoutMs });
}

export type Service = ReturnType<typeof serviceOver>;

export const actor = { id: 'user_1' };

/** A mutation, as the one who asks for it and the log of events tell of it alike. */
export type Operation =
  | { readonly action: 'create' | 'revoke'; readonly id: string }
  | { readonly action: 'rotate'; readonly id: string; readonly successorId: string };

export function perform(keys: Service, owner: string, operation: Operation): Promise<unknown> {
  const { action, id } = operation;
  if (action === 'revoke') return keys.revoke(id, { actor });
  if (action === 'rotate') return keys.rotate(id, { id: operation.successorId, actor });
  return keys.create({ id, name: 'key', owner, environment: 'live', actor });
}
