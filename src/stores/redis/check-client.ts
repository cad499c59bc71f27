import type { StoreFinding } from '../../store-finding.ts';
import type { IoRedisClient, NodeRedisClient } from './client.ts';

/** Options of ioredis that decide whether it disconnects from a server that hangs or was replaced. */
interface IoRedisOptions {
  readonly socketTimeout?: number;
  readonly commandTimeout?: number;
  readonly sentinels?: unknown;
  readonly failoverDetector?: boolean;
  readonly redisOptions?: IoRedisOptions;
}

/** Warns of a client that stays connected to a server that hangs, or that sentinels have replaced. */
export function checkClient(client: NodeRedisClient | IoRedisClient): StoreFinding[] {
  return 'evalsha' in client ? checkIoRedis(client) : checkNodeRedis(client);
}

function checkIoRedis({ options = {} }: IoRedisClient): StoreFinding[] {
  const { redisOptions, ...own }: IoRedisOptions = options;
  const { sentinels, failoverDetector, socketTimeout, commandTimeout } = {
    ...own,
    ...redisOptions,
  };
  return [
    ...(sentinels && failoverDetector !== true ? [missesFailover] : []),
    ...(socketTimeout || commandTimeout ? [] : [waits('pass `socketTimeout: 5000` to ioredis')]),
  ];
}

function checkNodeRedis(client: NodeRedisClient): StoreFinding[] {
  if ('getSlotRandomNode' in client) return [waits('use a cluster of ioredis')];
  // Pools and sentinels do not expose their options.
  const { socket } = (client.options ?? { socket: { socketTimeout: 0 } }) as {
    readonly socket?: { readonly socketTimeout?: number };
  };
  const isBounded = socket?.socketTimeout !== undefined;
  return isBounded ? [] : [waits('pass `socket: { socketTimeout: 5000 }` to node-redis')];
}

const missesFailover: StoreFinding = {
  code: 'redis_misses_failover',
  severity: 'warn',
  message: 'the client stays connected to a primary that sentinels have replaced',
  remedy: 'pass `failoverDetector: true` to ioredis',
};

function waits(remedy: string): StoreFinding {
  return {
    code: 'redis_waits_for_hung_server',
    severity: 'warn',
    message: 'the client stays connected to a server that hangs',
    remedy,
  };
}
