import type { StoreFinding } from '../../store-finding.ts';
import { checkClient } from './check-client.ts';
import { type Driver, driverOf, type IoRedisClient, type NodeRedisClient } from './client.ts';
import { Script } from './script.ts';

const INFO = new Script(
  "return redis.call('INFO', ARGV[1]) .. redis.call('INFO', ARGV[2]) .. redis.call('INFO', ARGV[3])",
);

/**
 * Checks the settings and options that the promises of a store in Redis depend on: those of the server
 * that has the store, and those of the client.
 */
export async function checkRedis(
  client: NodeRedisClient | IoRedisClient,
  prefix: string,
): Promise<StoreFinding[]> {
  const driver = driverOf(client);
  // A script with a key of the store runs on the node that has the store.
  const sections = ['replication', 'persistence', 'memory'];
  const text = String(await INFO.run(driver, [`{${prefix}}:feed`], sections));
  const info = new Map(
    [...text.matchAll(/^(\w+):([^\r\n]*)/gm)].map(([, k = '', v = '']) => [k, v]),
  );
  if (info.get('role') !== 'master') return [isReplica];
  return [
    ...checkClient(client),
    ...evictionOf(info.get('maxmemory_policy')),
    ...(await durabilityOf(driver, info.get('aof_enabled') === '1')),
    ...(await replicationOf(driver, Number(info.get('connected_slaves')))),
  ];
}

const isReplica: StoreFinding = {
  code: 'redis_is_replica',
  severity: 'refuse',
  message: 'the client reads from a replica, which may not have a revocation yet',
  remedy: 'connect to the primary; do not use `useReplicas`, `scaleReads` or `role: "slave"`',
};

function evictionOf(policy = 'noeviction'): StoreFinding[] {
  if (policy === 'noeviction') return [];
  return [
    {
      code: 'redis_evicts',
      severity: policy.startsWith('allkeys') ? 'refuse' : 'warn',
      message: `maxmemory-policy is ${policy}: a full server deletes data`,
      remedy: 'set maxmemory-policy to noeviction',
    },
  ];
}

async function durabilityOf(driver: Driver, isAppending: boolean): Promise<StoreFinding[]> {
  if (!isAppending) {
    return [
      {
        code: 'redis_not_durable',
        severity: 'refuse',
        message: 'appendonly is no: a crash loses all changes since the last snapshot',
        remedy: 'set appendonly to yes and appendfsync to always',
      },
    ];
  }
  const [fsync, pauses] = await Promise.all([
    settingOf(driver, 'appendfsync'),
    settingOf(driver, 'no-appendfsync-on-rewrite'),
  ]);
  if (fsync === undefined || pauses === undefined) return [unreadable('appendfsync')];
  const found: StoreFinding[] = [];
  if (fsync !== 'always') {
    const lost = fsync === 'everysec' ? 'up to two seconds of changes' : 'recent changes';
    found.push({
      code: 'redis_fsync_delayed',
      severity: 'warn',
      message: `appendfsync is ${fsync}: a crash loses ${lost}`,
      remedy: 'set appendfsync to always',
    });
  }
  if (pauses === 'yes') {
    found.push({
      code: 'redis_fsync_paused',
      severity: 'warn',
      message: 'no-appendfsync-on-rewrite is yes: a crash during a rewrite loses changes',
      remedy: 'set no-appendfsync-on-rewrite to no',
    });
  }
  return found;
}

async function replicationOf(driver: Driver, replicas: number): Promise<StoreFinding[]> {
  if (replicas === 0) return [];
  const least = await settingOf(driver, 'min-replicas-to-write');
  if (least === undefined) return [unreadable('min-replicas-to-write')];
  if (Number(least) > 0) return [];
  return [
    {
      code: 'redis_writes_alone',
      severity: 'warn',
      message: 'min-replicas-to-write is 0: a primary that has lost its replicas accepts changes',
      remedy: 'set min-replicas-to-write to 1, and pass `replicas: 1` to redisStore',
    },
  ];
}

function unreadable(name: string): StoreFinding {
  return {
    code: 'redis_settings_unreadable',
    severity: 'warn',
    message: `${name} cannot be read`,
    remedy: 'allow the user `CONFIG GET` (`+config|get`), or check the settings by hand',
  };
}

/** Hosted servers reject `CONFIG`, and a user may lack the right to run it. */
async function settingOf(driver: Driver, name: string): Promise<string | undefined> {
  return driver.readSetting(name).catch(() => undefined);
}
