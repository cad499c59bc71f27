import { rm } from 'node:fs/promises';
import { createApiKeys, type KeyStore } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, successor, trace } from 'keywright/testing';
import { createClient } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../servers/daemon.ts';
import { type RedisServer, redisProgram, startRedis } from '../../servers/redis.ts';
import { format, newKey } from '../../support.ts';
import { type AdminClient, openNodeRedis, snapshot } from './clients.ts';

const FACTOR = { owner: 'org_1', actorId: 'user_1' };
const CHANGE = { seen: undefined, value: 'one', action: 'factor.begun' } as const;

/** What a server that cannot or may not write does to the store: nothing half-done stays. */
describe.skipIf(redisProgram() === undefined)('a Redis that refuses to write', () => {
  let server: RedisServer;
  let client: AdminClient;
  let close: () => void;
  let data: string;
  let store: KeyStore;
  const key = storedKey({ createdBy: { id: 'leaver' } });

  beforeEach(async () => {
    data = await folderOf('redis-data', undefined);
    server = (await startRedis({ data, settings: ['--save', '3600 1000000'] })) as RedisServer;
    ({ client, close } = await openNodeRedis(server.url));
    store = redisStore(client);
    await store.create(key, trace({ actor: { id: 'leaver' } }));
    await store.changes?.lease('warm', -1, 1);
  });
  afterEach(async () => {
    close();
    await server.stop('SIGKILL');
    await rm(data, { recursive: true, force: true });
  });

  const changes = (on: KeyStore): Record<string, () => Promise<unknown>> => ({
    create: () => on.create(storedKey(), trace()),
    update: () => on.update({ id: key.id }, { name: 'n' }, trace()),
    rotate: () => on.rotate({ id: key.id }, successor(), trace()),
    revoke: () => on.revoke({ id: key.id }, trace()),
    revokeAll: () => on.revokeAll(key.owner, trace()),
    eraseActor: () => on.eraseActor(key.owner, 'leaver', trace()),
    'a factor': async () => on.factors?.write(FACTOR, CHANGE, trace()),
  });

  /** Fails unless every piece of work rejects with the message and leaves all as it was. */
  async function expectRefused(message: RegExp, work: Record<string, () => Promise<unknown>>) {
    const before = await snapshot(client);
    for (const [what, change] of Object.entries(work)) {
      await expect(change(), what).rejects.toThrow(message);
      expect(await snapshot(client), what).toEqual(before);
    }
    expect(await store.findByDigest(key.digest)).toEqual(key);
  }

  it('for want of a replica', async () => {
    await client.configSet('min-replicas-to-write', '1');
    const generation = await store.changes?.lease('observer', -1, 1);
    await expectRefused(/^NOREPLICAS/, {
      ...changes(store),
      recordUsage: () => store.recordUsage(new Map([[key.id, 7]])),
      upgradeDigest: () => store.upgradeDigest(key.id, key.digest, storedKey().digest),
      'a lease': async () => store.changes?.lease('holder', generation ?? -1, 1000),
    });
  });

  it('for having become a replica', async () => {
    await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    await expectRefused(/^READONLY/, changes(store));
  });

  it('for a disk that takes no snapshot', async () => {
    await rm(data, { recursive: true });
    await client.sendCommand(['BGSAVE']);
    await expect
      .poll(async () => client.info('persistence'))
      .toContain('rdb_last_bgsave_status:err');
    await expectRefused(/^MISCONF/, changes(store));
  });

  it('for want of memory', async () => {
    await client.configSet('maxmemory', '1mb');
    await expectRefused(/^OOM/, changes(store));
  });

  it('for a log that is no list, so that the event cannot be written', async () => {
    await client.rename('{keywright}:events:org_1', 'elsewhere');
    await client.set('{keywright}:events:org_1', 'no list');
    const { eraseActor: _, ...rest } = changes(store);
    await expectRefused(/WRONGTYPE/, rest);
  });

  it.each([
    ['keys:org_1', /WRONGTYPE/],
    ['generation', /the generation is no number/],
    ['leases', /WRONGTYPE/],
    ['factors:org_1', /WRONGTYPE/],
  ])('for a %s that is something else', async (name, message) => {
    await client.del(`{keywright}:${name}`);
    await client.set(`{keywright}:${name}`, 'something else');
    const { create, update, rotate, revoke } = changes(store);
    await expectRefused(message, { create, update, rotate, revoke } as ReturnType<typeof changes>);
  });

  it('to erase from a log that has lost events', async () => {
    await store.update({ id: key.id }, { name: 'n' }, trace({ actor: { id: 'leaver' } }));
    await store.update({ id: key.id }, { name: key.name }, trace());
    await client.sendCommand(['LTRIM', '{keywright}:events:org_1', '1', '-1']);
    const { eraseActor } = changes(store);
    await expectRefused(/not as long as its head says/, { eraseActor } as ReturnType<
      typeof changes
    >);
  });

  it.each(['rpush', 'lset', 'zadd', 'hset', 'hdel', 'set', 'incr'])(
    'for a user who may not run %s',
    async (command) => {
      const rules = ['on', '>secret', '~{keywright}:*', '&{keywright}:*', '+@all', `-${command}`];
      await client.sendCommand(['ACL', 'SETUSER', 'keys', ...rules]);
      const limited = createClient({ url: server.url, username: 'keys', password: 'secret' });
      await limited.connect();
      await expectRefused(/NOPERM/, changes(redisStore(limited)));
      limited.destroy();
    },
  );

  it('makes changes for a user who may not publish', async () => {
    const rules = ['on', '>secret', '~{keywright}:*', 'resetchannels', '+@all', '-publish'];
    await client.sendCommand(['ACL', 'SETUSER', 'keys', ...rules]);
    const limited = createClient({ url: server.url, username: 'keys', password: 'secret' });
    await limited.connect();
    const revoked = await redisStore(limited).revoke({ id: key.id }, trace({ at: 7 }));
    expect(revoked).toEqual({ ...key, revokedAt: 7 });
    limited.destroy();
  });

  it('and a server that is gone is a verification that is unavailable', async () => {
    const keys = createApiKeys({ format, store, storeTimeoutMs: 200 });
    const { secret } = await keys.create(newKey);
    await server.stop();
    expect(await keys.verify(secret.reveal())).toEqual({ ok: false, reason: 'unavailable' });
  });
});
