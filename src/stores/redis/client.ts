import { invalid } from '../../errors.ts';
import { wrongClient } from '../wrong-client.ts';

/**
 * The part of node-redis, version 5 or later, that the store uses. `createClient`, `createClientPool`,
 * `createCluster` and `createSentinel` all return it.
 */
export interface NodeRedisClient {
  hmGet(key: string, fields: string[]): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  wait?(replicas: number, timeoutMs: number): Promise<unknown>;
  configGet?(name: string): Promise<unknown>;
  readonly options?: object;
  duplicate?(): unknown;
  withTypeMapping?(typeMapping: Record<never, never>): Omit<NodeRedisClient, 'withTypeMapping'>;
}

/** Commands that ioredis sends together. */
interface IoRedisPipeline {
  exec(): Promise<unknown>;
}

/** The part of ioredis, version 5 or later, that the store uses. `Redis` and `Cluster` both have it. */
export interface IoRedisClient {
  readonly isCluster: boolean;
  readonly options?: object;
  hmget(key: string, ...fields: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
  evalsha(sha1: string, keyCount: number, keysAndArguments: string[]): Promise<unknown>;
  wait(replicas: number, timeoutMs: number): Promise<unknown>;
  config(subcommand: 'GET', name: string): Promise<unknown>;
  pipeline(commands: unknown[][]): IoRedisPipeline;
  duplicate(): unknown;
}

/** One interface to the clients of both libraries. */
export interface Driver {
  hmget(key: string, fields: string[]): Promise<readonly (string | null)[]>;
  eval(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  evalsha(sha1: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  /**
   * Makes the replicas of the key's node report at once which writes of this connection they have. Without
   * it, they report once a second. Blocks the connection for up to a millisecond.
   */
  askReplicas(key: string, replicas: number): Promise<unknown>;
  /** Reads a setting of the server; `undefined` if the server does not return it. */
  readSetting(name: string): Promise<string | undefined>;
  /** Absent if the client cannot be duplicated: a connection that subscribes can do nothing else. */
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

/** `duplicate` of a single client takes options; that of a cluster takes nodes before them. */
interface Duplicable {
  duplicate(...overrides: object[]): IoRedisSubscriber;
}

/** @throws KeywrightError `invalid_argument` */
export function driverOf(client: NodeRedisClient | IoRedisClient): Driver {
  if (typeof client === 'object' && client !== null) {
    if ('evalSha' in client) return nodeRedisDriver(client);
    if ('evalsha' in client) return ioRedisDriver(client);
  }
  throw wrongClient('client', 'a client of node-redis or ioredis', client);
}

function nodeRedisDriver(given: NodeRedisClient): Driver {
  // A client may map replies to Buffers or other types; the store's own calls need strings.
  const client = given.withTypeMapping?.({}) ?? given;
  const driver: Driver = {
    hmget: async (key, fields) => (await client.hmGet(key, fields)) as (string | null)[],
    eval: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    evalsha: (sha1, keys, args) => client.evalSha(sha1, { keys: [...keys], arguments: [...args] }),
    // A cluster sends `WAIT` to all of its primaries, and so to the right one too.
    askReplicas: async (_key, replicas) => client.wait?.(replicas, 1),
    readSetting: async (name) => {
      const settings = (await client.configGet?.(name)) ?? {};
      return (settings as Record<string, string>)[name];
    },
  };
  if (typeof given.duplicate !== 'function') return driver;
  const duplicate = given.duplicate.bind(given);
  return {
    ...driver,
    subscribe: (channel, listener) => {
      const subscriber = duplicate() as NodeRedisSubscriber;
      return listening(
        subscriber,
        (onMessage) => subscriber.subscribe(channel, onMessage),
        () => subscriber.destroy(),
        listener,
      );
    },
  };
}

/** Throws for a client that reads from replicas: a replica may not have a revocation yet. */
function refuseReplicas({ options = {} }: IoRedisClient): void {
  const { scaleReads = 'master', role = 'master' }: { scaleReads?: unknown; role?: unknown } =
    options;
  if (scaleReads !== 'master') throw invalid('client', 'must not read from replicas: `scaleReads`');
  if (role !== 'master') throw invalid('client', 'must not read from replicas: `role`');
}

function ioRedisDriver(client: IoRedisClient): Driver {
  refuseReplicas(client);
  return {
    hmget: async (key, fields) => (await client.hmget(key, ...fields)) as (string | null)[],
    eval: (script, keys, args) => client.eval(script, keys.length, [...keys, ...args]),
    evalsha: (sha1, keys, args) => client.evalsha(sha1, keys.length, [...keys, ...args]),
    // A cluster sends `WAIT` to the node of a key only in one pipeline with a command that has the key.
    askReplicas: (key, replicas) =>
      client.isCluster
        ? client
            .pipeline([
              ['exists', key],
              ['wait', replicas, 1],
            ])
            .exec()
        : client.wait(replicas, 1),
    readSetting: async (name) => {
      const [, value] = (await client.config('GET', name)) as string[];
      return value;
    },
    subscribe: (channel, listener) => {
      // Connects explicitly, so that a client without an offline queue can subscribe as well.
      const options = { lazyConnect: true };
      const overrides = client.isCluster ? [[], options] : [options];
      const subscriber = (client as Duplicable).duplicate(...overrides);
      return listening(
        subscriber,
        (onMessage) => {
          subscriber.on('message', onMessage);
          return subscriber.subscribe(channel);
        },
        () => subscriber.disconnect(),
        listener,
      );
    },
  };
}

async function listening(
  subscriber: NodeRedisSubscriber | IoRedisSubscriber,
  subscribe: (onMessage: () => void) => Promise<unknown>,
  end: () => unknown,
  listener: () => void,
): Promise<() => Promise<void>> {
  let isOpen = true;
  // Both libraries reconnect and subscribe again by themselves. Without a listener, an `error` event
  // would end the process.
  subscriber.on('error', () => {});
  const close = async () => {
    isOpen = false; // messages that have arrived may still be queued
    end();
  };
  try {
    await subscriber.connect();
    await subscribe(() => isOpen && listener());
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}
