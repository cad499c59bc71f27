import { rm } from 'node:fs/promises';
import { createApiKeys, type StoredKey } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../../src/store.ts';
import { folderOf } from '../../servers/daemon.ts';
import { type RedisServer, redisProgram, startRedis } from '../../servers/redis.ts';
import { format } from '../../support.ts';
import { changing } from '../sql/changing.ts';
import { libraries } from './clients.ts';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];

describe.skipIf(redisProgram() === undefined).each(Object.entries(libraries))(
  'over %s',
  (_name, open) => {
    let data: string;
    let server: RedisServer;
    let close = () => {};

    beforeEach(async () => {
      data = await folderOf('redis-data', undefined);
    });
    afterEach(async () => {
      close();
      await server.stop('SIGKILL');
      await rm(data, { recursive: true, force: true });
    });

    async function start(): Promise<KeyStore> {
      server = (await startRedis({ data, settings: DURABLE })) as RedisServer;
      const opened = await open(server.url);
      close = opened.close;
      return redisStore(opened.client);
    }

    async function killed(): Promise<KeyStore> {
      close();
      await server.stop('SIGKILL');
      return start();
    }

    it('keeps everything over a restart', async () => {
      const store = await start();
      const [kept, revoked] = [storedKey(), storedKey({ lastUsedAt: 5 })];
      const change = changing(store);
      for (const key of [kept, revoked]) await change.create(key, trace());
      await change.revoke({ id: revoked.id }, trace({ at: 9 }));
      await store.changes?.acknowledge('cache', 7, 1000);
      await store.recordUsage(new Map([[kept.id, 7]]));
      const before = await store.changes?.poll('cache');
      const events = await store.readChain(kept.owner, 0, 10);

      const again = await killed();
      expect(await again.findByDigest(kept.digest)).toEqual({ ...kept, lastUsedAt: 7 });
      expect(await again.find({ id: revoked.id })).toEqual({ ...revoked, revokedAt: 9 });
      expect(await again.readChain(kept.owner, 0, 10)).toEqual(events);
      const after = await again.changes?.poll('cache');
      expect({ ...after, epoch: '' }).toEqual({ ...before, epoch: '' });
      expect(before?.acked).toBe(7);
      expect(after?.epoch).not.toBe(before?.epoch);
    });

    it('loses no change that it has acknowledged, and keeps none by half, when killed', async () => {
      let store = await start();
      const acknowledged: StoredKey[] = [];
      const attempted: StoredKey[] = [];
      for (let round = 0; round < 3; round++) {
        const change = changing(store);
        const enough = acknowledged.length + 50 * (round + 1);
        const writers = Array.from({ length: 4 }, async (_, writer) => {
          for (;;) {
            const key = storedKey({ owner: `org_${writer % 2}` });
            attempted.push(key);
            await change.create(key, trace());
            acknowledged.push(key);
          }
        });
        const ends = Promise.allSettled(writers);
        await expect.poll(() => acknowledged.length).toBeGreaterThanOrEqual(enough);
        await server.stop('SIGKILL');
        await ends; // each with the first change that failed
        close();
        store = await start();
      }
      for (const key of acknowledged) expect(await store.find({ id: key.id })).toEqual(key);
      const keys = createApiKeys({ format, environments: ['live'], store });
      for (const owner of ['org_0', 'org_1']) {
        expect(await keys.verifyActivity({ owner })).toHaveProperty('ok', true);
        const told = (await store.readChain(owner, 0, 100_000)).map(({ keyId }) => keyId).sort();
        const found = await Promise.all(attempted.map(({ id }) => store.find({ id, owner })));
        expect(found.flatMap((key) => (key ? [key.id] : [])).sort()).toEqual(told);
      }
    });

    it('reports events that are missing, the newest ones too', async () => {
      const store = await start();
      for (let i = 0; i < 4; i++) await changing(store).create(storedKey(), trace());
      const { client } = await libraries['node-redis'](server.url);
      const keys = createApiKeys({ format, environments: ['live'], store });
      const log = '{keywright}:events:org_1';
      await client.sendCommand(['RPOP', log]);
      const newest = { ok: false, reason: 'missing', sequence: 4 };
      expect(await keys.verifyActivity({ owner: 'org_1' })).toEqual(newest);
      await client.sendCommand(['LSET', log, '1', 'gone']);
      await client.sendCommand(['LREM', log, '1', 'gone']);
      const inner = { ok: false, reason: 'missing', sequence: 2 };
      expect(await keys.verifyActivity({ owner: 'org_1' })).toEqual(inner);
      client.destroy();
    });
  },
);
