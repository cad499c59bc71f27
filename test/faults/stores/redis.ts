import { redisStore } from 'keywright/redis';
import { createClient } from 'redis';
import type { OpenStore } from '../open-store.ts';

export async function open(address: string): Promise<OpenStore> {
  const client = createClient({ url: address });
  client.on('error', () => {}); // what it is asked for rejects all the same
  await client.connect();
  return {
    store: redisStore(client),
    migrate: async () => {},
    close: async () => client.destroy(),
  };
}
