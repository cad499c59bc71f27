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

/** What a test does around the scripts of a store, by the names of the keys that a script is given. */
export interface Interception {
  readonly before?: (keys: readonly string[]) => unknown;
  readonly after?: (keys: readonly string[]) => unknown;
}

/** The client, with work before and after each script. */
export function intercepted(
  client: NodeRedisClient,
  { before, after }: Interception,
): NodeRedisClient {
  const around = async (keys: readonly string[], send: () => Promise<unknown>) => {
    await before?.(keys);
    const reply = await send();
    await after?.(keys);
    return reply;
  };
  return {
    hmGet: (key, fields) => client.hmGet(key, fields),
    eval: (script, options) => around(options.keys, () => client.eval(script, options)),
    evalSha: (sha1, options) => around(options.keys, () => client.evalSha(sha1, options)),
  };
}

/** The client, which sends every script again, as one does that has lost the answer. */
export function repeating(client: NodeRedisClient): NodeRedisClient {
  const twice = async (send: () => Promise<unknown>) => {
    await send();
    return send();
  };
  return {
    hmGet: (key, fields) => client.hmGet(key, fields),
    eval: (script, options) => twice(() => client.eval(script, options)),
    evalSha: (sha1, options) => twice(() => client.evalSha(sha1, options)),
  };
}

/** Whether a script that is given these keys writes a change. */
export function isCommit(keys: readonly string[]): boolean {
  return keys.some((key) => key.includes(':events:')) && keys.length > 1;
}

/** Whether a script that is given these keys reads what a change is decided on. */
export function isView(keys: readonly string[]): boolean {
  return keys.some((key) => key.endsWith(':heads')) && !isCommit(keys);
}
