import type { Cluster, Redis } from 'ioredis';
import { redisStore } from 'keywright/redis';
import type {
  createClient,
  createClientPool,
  createCluster,
  createSentinel,
  RedisClientType,
} from 'redis';
import { describe, expectTypeOf, it } from 'vitest';
import type { KeyStore } from '../../src/store.ts';

describe('redisStore', () => {
  it('takes the clients of both libraries as they are', () => {
    type Client = Parameters<typeof redisStore>[0];
    expectTypeOf<ReturnType<typeof createClient>>().toExtend<Client>();
    expectTypeOf<RedisClientType>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createCluster>>().toExtend<Client>();
    expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<Client>();
    expectTypeOf<Redis>().toExtend<Client>();
    expectTypeOf<Cluster>().toExtend<Client>();
  });

  it('takes nothing else', () => {
    // @ts-expect-error a URL is no client
    expectTypeOf(redisStore).toBeCallableWith('redis://localhost');
    // @ts-expect-error an option that does not exist
    expectTypeOf(redisStore).toBeCallableWith({} as Redis, { keyPrefix: 'x' });
  });

  it('gives a store', () => {
    expectTypeOf(redisStore).returns.toEqualTypeOf<KeyStore>();
  });
});
