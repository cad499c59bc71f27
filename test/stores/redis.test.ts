import { redisStore } from 'keywright/redis';
import { testKeyStore } from 'keywright/testing';
import { afterAll, describe, it } from 'vitest';
import { startRedis } from '../servers/redis.ts';
import { libraries } from './redis/clients.ts';

const server = await startRedis();
afterAll(() => server?.stop());

describe.skipIf(server === undefined)('redisStore', () => {
  describe.each(Object.entries(libraries))('over %s', (prefix, open) => {
    testKeyStore(
      async () => {
        const [one, two] = [await open(server?.url ?? ''), await open(server?.url ?? '')];
        return {
          store: redisStore(one.client, { prefix }),
          other: redisStore(two.client, { prefix }),
          close: () => {
            one.close();
            two.close();
          },
        };
      },
      { describe, it },
      { hold: true },
    );
  });
});
