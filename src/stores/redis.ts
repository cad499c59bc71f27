import { invalid } from '../errors.ts';
import { pathOf } from '../fields.ts';
import { isStorable } from '../json.ts';
import type { ChangeScope, KeyStore } from '../store.ts';
import { checkRedis } from './redis/check.ts';
import { driverOf, type IoRedisClient, type NodeRedisClient } from './redis/client.ts';
import { commit } from './redis/commit.ts';
import { redisDeliveries } from './redis/deliveries.ts';
import { readUnchanged } from './redis/failures.ts';
import { redisFeed } from './redis/feed.ts';
import { withHold } from './redis/hold.ts';
import { namesOf } from './redis/names.ts';
import { redisReads } from './redis/reads.ts';
import { recordUsage } from './redis/usage.ts';
import { readView } from './redis/view.ts';

export type { IoRedisClient, NodeRedisClient };

/** Options of a store in Redis. */
export interface RedisStoreOptions {
  /**
   * The prefix of the store's key names in Redis, which the store puts in braces: 1 to 100 characters.
   * Stores with different prefixes are independent of each other. Default `keywright`.
   */
  readonly prefix?: string;
  /**
   * The number of replicas that must have a change before it resolves, 0 to 9. If they do not have it
   * within two seconds, the change rejects with `store_unavailable` and `indeterminate: true`: a failover
   * may lose it. Default 0.
   */
  readonly replicas?: number;
}

const DEFAULT_PREFIX = 'keywright';
const MAX_PREFIX = 100;
const MAX_REPLICAS = 9;

/**
 * A store in Redis 7 or later, or in Valkey, over a client of node-redis or ioredis that reads and
 * writes the primary. The store neither connects nor closes the client.
 *
 * The promise of revocation requires a server that loses no acknowledged write. Redis can lose some with
 * its default settings: see the guide for the settings. All key names have the same hash tag, so a cluster
 * keeps them in one slot.
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
  const { prefix, replicas } = checked(options);
  const names = namesOf(prefix);
  const scopeOf = (holder: string): ChangeScope => ({
    view: (query) => readUnchanged(readView(driver, names, query)),
    commit: (change) => commit(driver, names, change, { holder, replicas }),
  });
  return {
    ...redisReads(driver, names),
    ...scopeOf(''),
    hold: (owner, work) => withHold(driver, names, owner, scopeOf, work),
    recordUsage: (usage) => recordUsage(driver, names, usage),
    changes: redisFeed(driver, names),
    deliveries: redisDeliveries(driver, names),
    inspect: () => checkRedis(client, prefix),
  };
}

function checked(options: RedisStoreOptions): Required<RedisStoreOptions> {
  const { prefix = DEFAULT_PREFIX, replicas = 0, ...rest } = options;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw invalid(pathOf('options', unknown), 'is unknown');
  if (typeof prefix !== 'string' || prefix === '' || prefix.length > MAX_PREFIX) {
    throw invalid('prefix', `must be a string of 1 to ${MAX_PREFIX} characters`);
  }
  // Redis uses the text in the first pair of braces as the hash tag.
  if (/[{}]/.test(prefix) || !isStorable(prefix)) {
    throw invalid('prefix', 'must not contain braces, NUL or lone surrogates');
  }
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > MAX_REPLICAS) {
    throw invalid('replicas', `must be an integer from 0 to ${MAX_REPLICAS}`);
  }
  return { prefix, replicas };
}
