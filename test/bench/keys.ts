import { type ApiKeys, createApiKeys, type KeyStore, memoryStore, tokenFormat } from 'keywright';

type Environment = 'live' | 'test';

export const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });

/** A service over an empty store, in memory unless another is given. */
export function emptyService(store: KeyStore = memoryStore()): ApiKeys<Environment> {
  return createApiKeys({ format, environments: ['live'], store });
}

/** Creates the keys of owners who have `perOwner` each, and hands every token to `each`. */
export async function createKeys(
  keys: ApiKeys<Environment>,
  { count, perOwner }: { count: number; perOwner: number },
  each: (token: string) => void = () => {},
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const account = Math.floor(i / perOwner);
    const { secret } = await keys.create({
      name: `key ${i}`,
      owner: `org_${account}`,
      environment: 'live',
      actor: { id: `user_${account}` },
    });
    each(secret.reveal());
  }
}
