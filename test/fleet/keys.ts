import { createApiKeys, type KeyStore, tokenFormat } from 'keywright';

export const format = tokenFormat({ brand: 'prn', environments: ['live'] });
export const actor = { id: 'user_1' };

/** The service that makes and revokes keys, on a store of its own that nothing is cached of. */
export function managerOn(store: KeyStore) {
  return createApiKeys({ format, store, storeTimeoutMs: 5000 });
}

export type Manager = ReturnType<typeof managerOn>;

/** A key of the run. */
export interface LiveKey {
  readonly id: string;
  readonly token: string;
}

export async function makeKeys(keys: Manager, count: number, owner = 'org'): Promise<LiveKey[]> {
  const made: LiveKey[] = [];
  for (let i = 0; i < count; i += 10) {
    const batch = Array.from({ length: Math.min(10, count - i) }, async (_, j) => {
      const { secret, record } = await keys.create({
        ...{ name: 'key', owner: `${owner}_${(i + j) % 50}`, environment: 'live', actor },
        metadata: { plan: 'pro' },
      });
      return { id: record.id, token: secret.reveal() };
    });
    made.push(...(await Promise.all(batch)));
  }
  return made;
}
