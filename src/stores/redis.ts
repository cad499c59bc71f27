import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import { isStorable } from '../json.ts';
import type { KeyStore } from '../store.ts';
import { Barrier } from './redis/barrier.ts';
import { Changes } from './redis/changes.ts';
import { driverOf, type IoRedisClient, type NodeRedisClient } from './redis/client.ts';
import { redisFactors } from './redis/factors.ts';
import { redisFeed } from './redis/feed.ts';
import { redisMutations } from './redis/mutations.ts';
import { namesOf } from './redis/names.ts';
import { redisReads } from './redis/reads.ts';
import { upgradeDigest } from './redis/upgrade-digest.ts';
import { recordUsage } from './redis/usage.ts';

export type { IoRedisClient, NodeRedisClient };

/** What can be said of a store in Redis. */
export interface RedisStoreOptions {
  /**
   * What the names of the store's keys in Redis begin with, in braces: 1 to 100 characters. Stores
   * with different prefixes have nothing to do with each other. Default `keywright`.
   */
  readonly prefix?: string;
}

const DEFAULT_PREFIX = 'keywright';
const MAX_PREFIX = 100;

/**
 * A store in Redis 7 or later, or in Valkey, over a client of node-redis or ioredis that reads and
 * writes the primary. The store neither connects nor closes the client.
 *
 * What is promised of revocation rests on a server that loses no acknowledged write, which Redis as
 * it comes does: see the guide for the settings. All keys have one hash tag, so on a cluster they
 * are in one slot.
 *
 * @example
 * ```ts
 * import { createClient } from 'redis';
 *
 * const client = await createClient({ url: 'redis://localhost:6379' }).connect();
 * const keys = createApiKeys({ format, store: redisStore(client) });
 * ```
 * @throws KeywrightError `invalid_argument` that names the argument.
 */
export function redisStore(
  client: NodeRedisClient | IoRedisClient,
  options: RedisStoreOptions = {},
): KeyStore {
  const driver = driverOf(client);
  const names = namesOf(prefixOf(options));
  const changes = new Changes(driver, names, new Barrier(driver, names));
  return {
    ...redisReads(driver, names),
    ...redisMutations(driver, names, changes),
    recordUsage: (usage) => recordUsage(driver, names, usage),
    upgradeDigest: (id, from, to) => upgradeDigest(driver, names, { id, from, to }),
    factors: redisFactors(driver, names, changes),
    changes: redisFeed(driver, names),
  };
}

function prefixOf({ prefix = DEFAULT_PREFIX, ...rest }: RedisStoreOptions): string {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw invalid(pathOf('options', unknown), 'is not known');
  if (typeof prefix !== 'string' || prefix === '' || prefix.length > MAX_PREFIX) {
    throw invalid('prefix', `must be a string of 1 to ${MAX_PREFIX} characters`);
  }
  // Redis takes what stands in the first pair of braces as the hash tag.
  if (/[{}]/.test(prefix) || !isStorable(prefix)) {
    throw invalid('prefix', 'must not hold braces, NUL or lone surrogates');
  }
  return prefix;
}
