import { rm } from 'node:fs/promises';
import { createApiKeys } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, successor, trace } from 'keywright/testing';
import { createClient } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../../src/store.ts';
import { folderOf } from '../../servers/daemon.ts';
import { type RedisServer, redisProgram, startRedis } from '../../servers/redis.ts';
import { format, newKey } from '../../support.ts';
import { changing } from '../sql/changing.ts';
import { type AdminClient, openNodeRedis, snapshot } from './clients.ts';

const FACTOR = { owner: 'org_1', actorId: 'user_1' };

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
    await changing(store).create(key, trace({ actor: { id: 'leaver' } }));
    await store.changes?.poll('warm');
  });
  afterEach(async () => {
    close();
    await server.stop('SIGKILL');
    await rm(data, { recursive: true, force: true });
  });

  const plainChanges = (on: KeyStore): Record<string, () => Promise<unknown>> => ({
    create: () => changing(on).create(storedKey(), trace()),
    update: () => changing(on).update({ id: key.id }, { name: 'n' }, trace()),
    rotate: () => changing(on).rotate({ id: key.id }, successor(), trace()),
    revoke: () => changing(on).revoke({ id: key.id }, trace()),
    'a factor': () => changing(on).writeFactor(FACTOR, 'one', trace()),
    'a digest': () => changing(on).upgradeDigest(key.id, key.digest, storedKey().digest),
  });
  const bulkChanges = (on: KeyStore): Record<string, () => Promise<unknown>> => ({
    revokeAll: () => changing(on).revokeAll(key.owner, trace()),
    eraseActor: () => changing(on).eraseActor(key.owner, 'leaver', trace()),
  });
  const changes = (on: KeyStore) => ({ ...plainChanges(on), ...bulkChanges(on) });

  /** All that the server holds but for holds, which are given back in passing. */
  async function contents() {
    const dumps = Object.entries(await snapshot(client));
    return Object.fromEntries(dumps.filter(([name]) => !name.includes(':hold:')));
  }

  /** Fails unless every piece of work rejects with the message and leaves all as it was. */
  async function expectRefused(message: RegExp, work: Record<string, () => Promise<unknown>>) {
    const before = await contents();
    for (const [what, change] of Object.entries(work)) {
      const error = await change().catch((caught: unknown) => caught);
      expect(error, what).toHaveProperty('message', expect.stringMatching(message));
      expect(error, what).toMatchObject({ code: 'store_unavailable', indeterminate: false });
      expect(await contents(), what).toEqual(before);
    }
    expect(await store.findByDigest(key.digest)).toEqual(key);
  }

  it('rejects changes without a replica', async () => {
    await client.configSet('min-replicas-to-write', '1');
    await expectRefused(/NOREPLICAS/, changes(store));
    for (const work of [
      () => store.recordUsage(new Map([[key.id, 7]])),
      async () => store.changes?.register(1000),
      async () => store.changes?.acknowledge('holder', 7, 1000),
      async () => store.changes?.poll('holder'),
    ]) {
      await expect(work()).rejects.toThrow(/NOREPLICAS/);
    }
  });

  it('rejects changes on a replica', async () => {
    await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    await expectRefused(/READONLY/, changes(store));
    await expect(store.changes?.poll('holder')).rejects.toThrow(/READONLY/);
  });

  it('rejects changes while the disk takes no snapshot', async () => {
    await rm(data, { recursive: true });
    await client.sendCommand(['BGSAVE']);
    await expect
      .poll(async () => client.info('persistence'))
      .toContain('rdb_last_bgsave_status:err');
    await expectRefused(/MISCONF/, changes(store));
  });

  it('rejects changes without free memory', async () => {
    await client.configSet('maxmemory', '1mb');
    await expectRefused(/OOM/, changes(store));
  });

  it('rejects changes if the log is not a list', async () => {
    await client.rename('{keywright}:events:org_1', 'elsewhere');
    await client.set('{keywright}:events:org_1', 'no list');
    const { 'a digest': _, ...withEvents } = changes(store);
    await expectRefused(/WRONGTYPE/, withEvents as ReturnType<typeof changes>);
  });

  it.each([...['keys:org_1', 'feed', 'factors:org_1', 'created', 'expiries']])(
    'rejects changes if a %s has the wrong type',
    async (name) => {
      await client.del(`{keywright}:${name}`);
      await client.set(`{keywright}:${name}`, 'something else');
      await expectRefused(/WRONGTYPE/, changes(store));
    },
  );

  it('rejects changes if a hold has the wrong type', async () => {
    await client.hSet('{keywright}:hold:org_1', 'a', 'hash');
    await expectRefused(/WRONGTYPE/, changes(store));
  });

  it.each([
    ['total', /the generation is no number/],
    ['recent', /invalid token/],
  ])('rejects changes if a %s of the feed cannot be read', async (field, message) => {
    await client.hSet('{keywright}:feed', field, 'something else');
    const { update, rotate, revoke, revokeAll } = changes(store);
    await expectRefused(message, { update, rotate, revoke, revokeAll } as ReturnType<
      typeof changes
    >);
  });

  it('rejects an erasure in a log that has lost events', async () => {
    const leaver = trace({ actor: { id: 'leaver' } });
    await changing(store).update({ id: key.id }, { name: 'n' }, leaver);
    await changing(store).update({ id: key.id }, { name: key.name }, trace());
    await client.sendCommand(['LTRIM', '{keywright}:events:org_1', '1', '-1']);
    const { eraseActor } = changes(store);
    await expectRefused(/not as long as its head says/, { eraseActor } as ReturnType<
      typeof changes
    >);
  });

  it.each(['rpush', 'lset', 'zadd', 'zrem', 'hset', 'hdel'])(
    'rejects changes of a user who may not run %s',
    async (command) => {
      const rules = ['on', '>secret', '~{keywright}:*', '&{keywright}:*', '+@all', `-${command}`];
      await client.sendCommand(['ACL', 'SETUSER', 'keys', ...rules]);
      const limited = createClient({ url: server.url, username: 'keys', password: 'secret' });
      await limited.connect();
      await expectRefused(/NOPERM/, changes(redisStore(limited)));
      limited.destroy();
    },
  );

  it('rejects a hold of a user who may not run set', async () => {
    const rules = ['on', '>secret', '~{keywright}:*', '&{keywright}:*', '+@all', '-set'];
    await client.sendCommand(['ACL', 'SETUSER', 'keys', ...rules]);
    const limited = createClient({ url: server.url, username: 'keys', password: 'secret' });
    await limited.connect();
    await expectRefused(/can't run this command/, bulkChanges(redisStore(limited)));
    limited.destroy();
  });

  it('makes changes for a user who may not publish', async () => {
    const rules = ['on', '>secret', '~{keywright}:*', 'resetchannels', '+@all', '-publish'];
    await client.sendCommand(['ACL', 'SETUSER', 'keys', ...rules]);
    const limited = createClient({ url: server.url, username: 'keys', password: 'secret' });
    await limited.connect();
    await store.changes?.register(1);
    const revoked = await changing(redisStore(limited)).revoke({ id: key.id }, trace({ at: 7 }));
    expect(revoked).toEqual({ ...key, revokedAt: 7 });
    limited.destroy();
  });

  it('answers a verification with unavailable when the server is gone', async () => {
    const keys = createApiKeys({ format, environments: ['live'], store, storeTimeoutMs: 200 });
    const { secret } = await keys.create(newKey);
    await server.stop();
    expect(await keys.verify(secret.reveal())).toEqual({ ok: false, reason: 'unavailable' });
  });
});
