import { createApiKeys, type KeyStore, tokenFormat } from 'keywright';
import { z } from 'zod';

/** What the keys of this service are: its tests make theirs by the same. */
export const options = {
  format: tokenFormat({ brand: 'ord', environments: ['live', 'test'] }),
  environments: ['live'],
  scopes: ['orders:read', 'orders:write'],
  metadata: z.object({ plan: z.enum(['free', 'team']) }),
} as const;

/** The keys that are in use, on the store of production. */
export function ordersKeys(store: KeyStore) {
  return createApiKeys({ ...options, store });
}

export type OrdersKeys = ReturnType<typeof ordersKeys>;
