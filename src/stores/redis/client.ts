import { invalid } from '../../errors.ts';

/**
 * What the store asks of node-redis, version 5 or later: `createClient`, `createClientPool`,
 * `createCluster` and `createSentinel` all give it.
 */
export interface NodeRedisClient {
  hmGet(key: string, fields: string[]): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  duplicate?(): unknown;
}

/** What the store asks of ioredis, version 5 or later: `Redis` and `Cluster` both have it. */
export interface IoRedisClient {
  readonly isCluster: boolean;
  hmget(key: string, ...fields: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
  evalsha(sha1: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
  duplicate(): unknown;
}

/** The client, the same whichever library it is of. */
export interface Driver {
  hmget(key: string, fields: string[]): Promise<readonly (string | null)[]>;
  eval(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  evalsha(sha1: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  /** Absent where the client cannot be duplicated: one that listens can do nothing else. */
  subscribe?(channel: string, listener: () => void): Promise<() => Promise<void>>;
}

interface NodeRedisSubscriber {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: () => void): Promise<unknown>;
  destroy(): unknown;
}

interface IoRedisSubscriber {
  on(event: 'error' | 'message', listener: () => void): unknown;
  connect(): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  disconnect(): unknown;
}

/** A single client takes options, a cluster takes nodes before them. */
interface Duplicable {
  duplicate(...overrides: object[]): IoRedisSubscriber;
}

/** @throws KeywrightError `invalid_argument` */
export function driverOf(client: NodeRedisClient | IoRedisClient): Driver {
  if (typeof client === 'object' && client !== null) {
    if ('evalSha' in client) return nodeRedisDriver(client);
    if ('evalsha' in client) return ioRedisDriver(client);
  }
  throw invalid('client', 'must be a client of node-redis or ioredis');
}

function nodeRedisDriver(client: NodeRedisClient): Driver {
  const driver: Driver = {
    hmget: async (key, fields) => (await client.hmGet(key, fields)) as (string | null)[],
    eval: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    evalsha: (sha1, keys, args) => client.evalSha(sha1, { keys: [...keys], arguments: [...args] }),
  };
  if (typeof client.duplicate !== 'function') return driver;
  const duplicate = client.duplicate.bind(client);
  return {
    ...driver,
    subscribe: (channel, listener) => {
      const subscriber = duplicate() as NodeRedisSubscriber;
      return listening(
        subscriber,
        () => subscriber.subscribe(channel, () => listener()),
        () => subscriber.destroy(),
      );
    },
  };
}

function ioRedisDriver(client: IoRedisClient): Driver {
  return {
    hmget: async (key, fields) => (await client.hmget(key, ...fields)) as (string | null)[],
    eval: (script, keys, args) => client.eval(script, keys.length, [...keys, ...args]),
    evalsha: (sha1, keys, args) => client.evalsha(sha1, keys.length, [...keys, ...args]),
    subscribe: (channel, listener) => {
      // Connected by hand, so that a client without an offline queue can subscribe as well.
      const options = { lazyConnect: true };
      const overrides = client.isCluster ? [[], options] : [options];
      const subscriber = (client as Duplicable).duplicate(...overrides);
      subscriber.on('message', listener);
      return listening(
        subscriber,
        () => subscriber.subscribe(channel),
        () => subscriber.disconnect(),
      );
    },
  };
}

async function listening(
  subscriber: NodeRedisSubscriber | IoRedisSubscriber,
  subscribe: () => Promise<unknown>,
  end: () => unknown,
): Promise<() => Promise<void>> {
  // Both libraries reconnect and subscribe again by themselves; without a listener, an `error`
  // event would end the process.
  subscriber.on('error', () => {});
  const close = async () => {
    end();
  };
  try {
    await subscriber.connect();
    await subscribe();
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}
