import { redisStore } from 'keywright/redis';
import { createClient } from 'redis';
import { startRedis } from '../servers/redis.ts';
import { atLeast, type Figure, type Measurement } from './figure.ts';
import { makeKeys, quietService, verifyAgainst } from './store-rates.ts';

async function measure(): Promise<Measurement> {
  const server = await startRedis();
  if (server === undefined) throw new Error('Redis is not installed');
  const client = await createClient({ url: server.url }).connect();
  try {
    const keys = quietService(redisStore(client));
    const tokens = await makeKeys(keys, 10_000);
    // Not even the record is read.
    const bare = async (digest: string) =>
      (await client.hGet('{keywright}:records', digest)) ?? undefined;
    return await verifyAgainst(keys, { tokens, bare, batch: 2000, pairs: 40 });
  } finally {
    client.destroy();
    await server.stop();
  }
}

export const figures: readonly Figure[] = [
  {
    id: 'verify.redis',
    title: 'verify, uncached, against HGET through bare node-redis',
    unit: '×',
    bar: atLeast(0.85),
    measure,
  },
];
