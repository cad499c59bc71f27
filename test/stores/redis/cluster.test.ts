import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredKey } from '../../../src/record.ts';
import type { RedisServer } from '../../servers/redis.ts';
import { redisProgram } from '../../servers/redis.ts';
import { commandTo, type RedisCluster, startRedisCluster } from '../../servers/redis-cluster.ts';
import { changing } from '../sql/changing.ts';
import { clusterClients } from './cluster-clients.ts';

const FEED = '{keywright}:feed';
const RECORDS = '{keywright}:records';

describe.skipIf(redisProgram() === undefined)('a Redis Cluster', () => {
  let cluster: RedisCluster;
  let owner: RedisServer;
  let follower: RedisServer;
  let other: RedisServer;
  let slot: string;

  beforeAll(async () => {
    cluster = (await startRedisCluster()) as RedisCluster;
    ({ slot, owner, follower, other } = await cluster.placeOf(FEED));
  });
  afterAll(() => cluster.stop());

  it.each(Object.entries(clusterClients))(
    'confirms changes by replicas, over %s',
    async (_, open) => {
      const { client, close } = await open(cluster.urls);
      const change = changing(redisStore(client, { replicas: 1 }));
      const key = storedKey({ owner: 'org_replicas' });
      await change.create(key, trace());
      const start = performance.now();
      for (let i = 0; i < 10; i++) await change.update({ id: key.id }, { name: `${i}` }, trace());
      // Replicas that are not asked report once a second.
      expect(performance.now() - start).toBeLessThan(5000);
      const few = changing(redisStore(client, { replicas: 2 })).revoke({ id: key.id }, trace());
      await expect(few).rejects.toMatchObject({ code: 'store_unavailable', indeterminate: true });
      close();
    },
  );

  it.each(Object.entries(clusterClients))(
    'makes changes while its slot moves, over %s',
    async (_, open) => {
      const { client, close } = await open(cluster.urls);
      const store = redisStore(client);
      const key = storedKey({ owner: 'org_moving' });
      await changing(store).create(key, trace());
      const [from, to] = [owner, other];
      const [fromId, toId] = [await idOf(from), await idOf(to)];
      await commandTo(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
      await commandTo(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
      await move(from, to, [RECORDS]);
      const refused = await refusalsOf(from);
      const change = changing(store).update({ id: key.id }, { name: 'moved' }, trace());
      await expect.poll(() => refusalsOf(from)).toBeGreaterThan(refused + 2);
      const rest = await commandTo(from, 'CLUSTER', 'GETKEYSINSLOT', slot, '1000');
      await move(from, to, rest as string[]);
      for (const server of [to, from])
        await commandTo(server, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
      expect(await change).toHaveProperty('name', 'moved');
      expect(await store.find({ id: key.id })).toHaveProperty('name', 'moved');
      [owner, other] = [to, from];
      follower = cluster.replicas[cluster.primaries.indexOf(owner)] as RedisServer;
      close();
    },
  );

  it('loses no confirmed change when the owner of its slot hangs and continues', async () => {
    // Without a timeout, so that the old owner acknowledges what was sent to it while it hung.
    const { client, close } = await clusterClients.ioredis(cluster.urls);
    const change = changing(redisStore(client, { replicas: 1 }));
    const confirmed: StoredKey[] = [];
    const failures: unknown[] = [];
    let isOver = false;
    const write = async (owner: string) => {
      while (!isOver) {
        const key = storedKey({ owner });
        await change.create(key, trace()).then(
          () => confirmed.push(key),
          (error: unknown) => failures.push(error),
        );
      }
    };
    const writers = Array.from({ length: 30 }, (_, i) => write(`org_hung_${i}`));
    await expect.poll(() => confirmed.length).toBeGreaterThan(20);
    const hang = commandTo(owner, 'DEBUG', 'SLEEP', '10');
    await expect.poll(() => roleOf(follower), { timeout: 60_000 }).toBe('master');
    await hang;
    await expect.poll(() => roleOf(owner), { timeout: 60_000 }).toBe('slave');
    const before = confirmed.length;
    await expect.poll(() => confirmed.length, { timeout: 60_000 }).toBeGreaterThan(before);
    isOver = true;
    await Promise.all(writers);
    for (const error of failures) expect(error).toHaveProperty('code', 'store_unavailable');
    for (const { id, digest } of confirmed) {
      expect(await client.hget(RECORDS, digest)).toContain(id);
    }
    [owner, follower] = [follower, owner];
    close();
  });

  it('loses no confirmed change when the owner of its slot is killed', async () => {
    const { client, close } = await clusterClients.ioredis(cluster.urls);
    const change = changing(redisStore(client, { replicas: 1 }));
    const confirmed: StoredKey[] = [];
    for (let i = 0; i < 20; i++) {
      confirmed.push(await change.create(storedKey({ owner: 'org_killed' }), trace()));
    }
    await owner.stop('SIGKILL');
    await expect.poll(() => roleOf(follower), { timeout: 60_000 }).toBe('master');
    for (const { id, digest } of confirmed) {
      expect(await commandTo(follower, 'HGET', RECORDS, digest)).toContain(id);
    }
    const store = redisStore(client);
    const key = storedKey({ owner: 'org_killed' });
    await changing(store).create(key, trace());
    expect(await store.readChain('org_killed', 0, 100)).toHaveLength(21);
    close();
  });

  async function idOf(server: RedisServer): Promise<string> {
    return String(await commandTo(server, 'CLUSTER', 'MYID'));
  }

  async function roleOf(server: RedisServer): Promise<unknown> {
    const [role] = (await commandTo(server, 'ROLE')) as unknown[];
    return role;
  }

  /** How many scripts the server has refused to run. */
  async function refusalsOf(server: RedisServer): Promise<number> {
    const stats = String(await commandTo(server, 'INFO', 'commandstats'));
    const [, count = '0'] = /cmdstat_evalsha:.*rejected_calls=(\d+)/.exec(stats) ?? [];
    return Number(count);
  }

  async function move(from: RedisServer, to: RedisServer, keys: readonly string[]) {
    const target = ['127.0.0.1', String(to.port), '', '0', '5000', 'KEYS'];
    await commandTo(from, 'MIGRATE', ...target, ...keys);
  }
});
