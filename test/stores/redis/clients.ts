import { Redis } from 'ioredis';
import type { IoRedisClient, NodeRedisClient } from 'keywright/redis';
import { createClient } from 'redis';

export interface OpenClient {
  readonly client: NodeRedisClient | IoRedisClient;
  close(): void;
}

/*
 * Without a queue for commands while the server is away, and without a second try of one that was
 * under way: tests that end a server see at once what became of a command.
 */

export async function openNodeRedis(url: string) {
  const client = createClient({ url, disableOfflineQueue: true });
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.destroy() };
}

async function openIoRedis(url: string) {
  const options = { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0 };
  const client = new Redis(url, options);
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.disconnect() };
}

/** How to connect with each library that the store works with. */
export const libraries = {
  'node-redis': openNodeRedis,
  ioredis: openIoRedis,
} satisfies Record<string, (url: string) => Promise<OpenClient>>;

export type AdminClient = Awaited<ReturnType<typeof openNodeRedis>>['client'];

/** How often each command has run since the last `CONFIG RESETSTAT`, those of scripts included. */
export async function commandCounts(client: AdminClient): Promise<Record<string, number>> {
  const stats = await client.info('commandstats');
  const lines = stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm);
  const counts = [...lines].map(([, name = '', calls]) => [name, Number(calls)] as const);
  return Object.fromEntries(
    counts.filter(([name]) => name !== 'info' && name !== 'config|resetstat'),
  );
}

/** Everything that the server holds, to compare. */
export async function snapshot(client: AdminClient): Promise<Record<string, string>> {
  const dumps: Record<string, string> = {};
  for (const key of (await client.keys('*')).sort()) {
    dumps[key] = JSON.stringify(await contentOf(client, key));
  }
  return dumps;
}

async function contentOf(client: AdminClient, key: string): Promise<unknown> {
  const type = await client.type(key);
  if (type === 'hash') return { ...(await client.hGetAll(key)) };
  if (type === 'list') return client.lRange(key, 0, -1);
  if (type === 'zset') return client.zRangeWithScores(key, 0, -1);
  return client.get(key);
}
