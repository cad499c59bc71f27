import { Cluster, Redis } from 'ioredis';
import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { createClient, createClientPool, createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRedis } from '../../../src/stores/redis/check.ts';
import { checkClient } from '../../../src/stores/redis/check-client.ts';
import { type RedisServer, redisProgram, startRedis } from '../../servers/redis.ts';
import { changing } from '../sql/changing.ts';
import { type AdminClient, intercepted, isCommit, libraries, openNodeRedis } from './clients.ts';

describe.skipIf(redisProgram() === undefined)('a store that waits for replicas', () => {
  let primary: RedisServer;
  let replica: RedisServer;
  let admin: AdminClient;
  let follower: AdminClient;
  const ends: (() => unknown)[] = [];

  beforeAll(async () => {
    const settings = ['--repl-diskless-sync-delay', '0'];
    primary = (await startRedis({ settings })) as RedisServer;
    const port = String(primary.port);
    replica = (await startRedis({ settings: ['--replicaof', `127.0.0.1 ${port}`] })) as RedisServer;
    const opened = [await openNodeRedis(primary.url), await openNodeRedis(replica.url)] as const;
    admin = opened[0].client;
    follower = opened[1].client;
    ends.push(opened[0].close, opened[1].close);
    const isOnline = async () => (await admin.info('replication')).includes('state=online');
    while (!(await isOnline())) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  afterAll(async () => {
    for (const end of ends) end();
    for (const server of [replica, primary]) await server.stop('SIGKILL');
  });
  const onFollower = (digest: string) => follower.hGet('{keywright}:records', digest);

  it.each(Object.entries(libraries))(
    'resolves once they have a change, over %s',
    async (_, open) => {
      const { client, close } = await open(primary.url);
      const change = changing(redisStore(client, { replicas: 1 }));
      const key = storedKey();
      const start = performance.now();
      for (let i = 0; i < 20; i++) {
        const next = i === 0 ? key : storedKey();
        await change.create(next, trace());
        expect(await onFollower(next.digest)).toContain(next.id);
      }
      // Replicas that are not asked report once a second.
      expect(performance.now() - start).toBeLessThan(15_000);
      await change.revoke({ id: key.id }, trace());
      expect(await onFollower(key.digest)).toContain('revokedAt');
      expect(await change.revokeAll(key.owner, trace())).toBeGreaterThanOrEqual(19);
      close();
    },
  );

  it('resolves once they have a change, over a pool', async () => {
    const client = createClientPool({ url: primary.url });
    await client.connect();
    const key = storedKey({ owner: 'org_pool' });
    await changing(redisStore(client, { replicas: 1 })).create(key, trace());
    expect(await onFollower(key.digest)).toContain(key.id);
    client.destroy();
  });

  it('rejects a change that too few have, which may have been made', async () => {
    const { client, close } = await openNodeRedis(primary.url);
    const store = redisStore(client, { replicas: 2 });
    const key = storedKey({ owner: 'org_few' });
    await expect(changing(store).create(key, trace())).rejects.toMatchObject({
      code: 'store_unavailable',
      indeterminate: true,
      message: expect.stringContaining('cannot count 2 replicas'),
    });
    expect(await store.find({ id: key.id })).toEqual(key);
    close();
  });

  it('rejects a change whose primary has become another before it was counted', async () => {
    const { client, close } = await openNodeRedis(primary.url);
    const promoted = await openNodeRedis(primary.url);
    const failing = intercepted(client, {
      after: async (keys) => {
        // A primary with another history, as after a failover.
        if (isCommit(keys)) await promoted.client.hSet('{keywright}:feed', 'born', '1');
      },
    });
    const key = storedKey({ owner: 'org_failover' });
    const create = changing(redisStore(failing, { replicas: 1 })).create(key, trace());
    await expect(create).rejects.toMatchObject({ code: 'store_unavailable', indeterminate: true });
    for (const end of [close, promoted.close]) end();
  });

  it.each([[-1], [1.5], [10], ['1'], [Number.NaN]])('refuses %j of them', (replicas) => {
    const make = () => redisStore(admin, { replicas: replicas as number });
    expect(make).toThrow(expect.objectContaining({ argument: 'replicas' }));
  });

  describe('and the check of its server', () => {
    const codesOn = async (client: Parameters<typeof checkRedis>[0]) =>
      (await checkRedis(client, 'keywright'))
        .map(({ code, severity }) => `${code}: ${severity}`)
        .filter((text) => !text.startsWith('redis_waits'));

    it.each(Object.entries(libraries))(
      'names each setting that loses data, over %s',
      async (_, open) => {
        const { client, close } = await open(primary.url);
        const unsafe = ['redis_not_durable: refuse', 'redis_writes_alone: warn'];
        expect(await codesOn(client)).toEqual(unsafe);
        await admin.configSet('maxmemory-policy', 'allkeys-lru');
        await admin.configSet('min-replicas-to-write', '1');
        await admin.configSet('appendonly', 'yes');
        await admin.configSet('no-appendfsync-on-rewrite', 'yes');
        expect(await codesOn(client)).toEqual([
          'redis_evicts: refuse',
          'redis_fsync_delayed: warn',
          'redis_fsync_paused: warn',
        ]);
        await admin.configSet('maxmemory-policy', 'noeviction');
        await admin.configSet('appendfsync', 'always');
        await admin.configSet('no-appendfsync-on-rewrite', 'no');
        expect(await codesOn(client)).toEqual([]);
        await admin.configSet('appendonly', 'no');
        await admin.configSet('appendfsync', 'everysec');
        await admin.configSet('min-replicas-to-write', '0');
        close();
      },
    );

    it('names a client that stays with a server that hangs, and one that does not', async () => {
      const { url } = primary;
      const bounded = { socketTimeout: 5000 };
      const clients = [
        new Redis(url),
        new Redis(url, bounded),
        new Redis({
          name: 'primary',
          sentinels: [{ host: '127.0.0.1', port: 1 }],
          failoverDetector: false,
          lazyConnect: true,
        }),
        new Redis({
          name: 'primary',
          sentinels: [{ host: '127.0.0.1', port: 1 }],
          failoverDetector: true,
          ...bounded,
          lazyConnect: true,
        }),
        new Cluster(['redis://127.0.0.1:1'], { lazyConnect: true }),
        new Cluster(['redis://127.0.0.1:1'], { lazyConnect: true, redisOptions: bounded }),
        createClient({ url }),
        createClient({ url, socket: bounded }),
        createCluster({ rootNodes: [{ url }] }),
        createClientPool({ url }),
      ];
      const waits = 'redis_waits_for_hung_server';
      expect(clients.map((client) => checkClient(client).map(({ code }) => code))).toEqual([
        ...[[waits], []],
        ...[['redis_misses_failover', waits], []],
        ...[[waits], []],
        ...[[waits], []],
        ...[[waits], []],
      ]);
      for (const client of clients) {
        if (client instanceof Redis || client instanceof Cluster) client.disconnect();
      }
    });

    it('names a replica', async () => {
      expect(await codesOn(follower)).toEqual(['redis_is_replica: refuse']);
    });

    it('names settings that it may not read', async () => {
      await admin.sendCommand(['ACL', 'SETUSER', 'limited', 'on', '>x', '~*', '+@all', '-config']);
      const url = primary.url.replace('//', '//limited:x@');
      const { client, close } = await libraries.ioredis(url);
      const codes = ['redis_not_durable: refuse', 'redis_settings_unreadable: warn'];
      expect(await codesOn(client)).toEqual(codes);
      close();
    });
  });
});
