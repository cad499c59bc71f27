import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, redisProgram } from '../../servers/redis.ts';
import { commandTo, type RedisCluster, startRedisCluster } from '../../servers/redis-cluster.ts';
import { changing } from '../sql/changing.ts';
import { clusterClients } from './cluster-clients.ts';

describe.skipIf(redisProgram() === undefined)('a slot that no node serves for a while', () => {
  let cluster: RedisCluster;
  let owner: RedisServer;
  let other: RedisServer;
  let slot: string;

  beforeAll(async () => {
    cluster = (await startRedisCluster()) as RedisCluster;
    ({ slot, owner, other } = await cluster.placeOf('{keywright}'));
  });
  afterAll(() => cluster.stop());

  /** How many commands the owner has refused with an error of this kind. */
  async function refusalsOf(kind: string): Promise<number> {
    const stats = String(await commandTo(owner, 'INFO', 'errorstats'));
    return Number(new RegExp(`errorstat_${kind}:count=(\\d+)`).exec(stats)?.[1] ?? 0);
  }

  describe.each(Object.entries(clusterClients))('over %s', (_name, open) => {
    it('delays a change that meets CLUSTERDOWN', async () => {
      const { client, close } = await open(cluster.urls);
      const store = redisStore(client);
      const key = storedKey({ owner: `org_${crypto.randomUUID()}` });
      await changing(store).create(key, trace());
      const refused = await refusalsOf('CLUSTERDOWN');
      await commandTo(owner, 'CLUSTER', 'DELSLOTS', slot);
      const change = changing(store).update({ id: key.id }, { name: 'served' }, trace());
      await expect.poll(() => refusalsOf('CLUSTERDOWN')).toBeGreaterThan(refused + 1);
      await commandTo(owner, 'CLUSTER', 'ADDSLOTS', slot);
      expect(await change).toHaveProperty('name', 'served');
      close();
    });

    it('delays a change that two nodes send to each other by MOVED', async () => {
      const { client, close } = await open(cluster.urls);
      const store = redisStore(client);
      await changing(store).create(storedKey(), trace());
      await commandTo(owner, 'FLUSHALL'); // a node gives up no slot that holds keys
      const refused = await refusalsOf('MOVED');
      const otherId = await idOf(other);
      await commandTo(owner, 'CLUSTER', 'SETSLOT', slot, 'NODE', otherId);
      const key = storedKey();
      const change = changing(store).create(key, trace());
      // More than the redirections that a client follows by itself.
      await expect.poll(() => refusalsOf('MOVED')).toBeGreaterThan(refused + 16);
      await commandTo(other, 'CLUSTER', 'SETSLOT', slot, 'NODE', otherId);
      expect(await change).toEqual(key);
      [owner, other] = [other, owner];
      close();
    });
  });

  async function idOf(server: RedisServer): Promise<string> {
    return String(await commandTo(server, 'CLUSTER', 'MYID'));
  }
});
