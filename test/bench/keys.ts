import { type ApiKeys, createApiKeys, memoryStore, tokenFormat } from 'keywright';

type Environment = 'live' | 'test';

export const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });

/** A service over an empty memory store. */
export function emptyService(): ApiKeys<Environment> {
  return createApiKeys({ format, store: memoryStore() });
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
