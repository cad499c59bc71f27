import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { createClientPool } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeFeed } from '../../../src/change-feed.ts';
import type { KeyStore } from '../../../src/store.ts';
import { type RedisServer, redisProgram, startRedis } from '../../servers/redis.ts';
import { changing } from '../sql/changing.ts';
import { type AdminClient, intercepted, isCommit, openNodeRedis } from './clients.ts';

const LEASE_MS = 300;
/** A lease is waited for a quarter longer than it lasts. */
const WAIT_MS = 1.25 * LEASE_MS;

const FEED = '{keywright}:feed';
const MEMBERS = '{keywright}:members';

describe.skipIf(redisProgram() === undefined)('the barrier in Redis', () => {
  let server: RedisServer;
  let client: AdminClient;
  let close: () => void;
  let store: KeyStore;
  let feed: ChangeFeed;
  const key = storedKey();

  beforeEach(async () => {
    server = (await startRedis()) as RedisServer;
    ({ client, close } = await openNodeRedis(server.url));
    store = redisStore(client);
    feed = store.changes as ChangeFeed;
    await changing(store).create(key, trace());
  });
  afterEach(async () => {
    close();
    await server.stop('SIGKILL');
  });

  /** Becomes a member as a cache does whose process then ends without leaving. */
  async function abandonedMember() {
    await feed.register(LEASE_MS);
    await feed.acknowledge('gone', (await feed.poll('gone')).total, LEASE_MS);
  }

  async function durationOf(work: Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work;
    return performance.now() - start;
  }

  const disable = (on = store) => changing(on).update({ id: key.id }, { enabled: false }, trace());
  const revoke = (on = store) => changing(on).revoke({ id: key.id }, trace());

  const isMembersRead = (keys: readonly string[]) => keys.includes(MEMBERS) && keys.includes(FEED);

  it('waits once for a member that never acknowledges, and drops it', async () => {
    await abandonedMember();
    expect(await durationOf(disable())).toBeGreaterThanOrEqual(WAIT_MS);
    expect(await client.hGetAll(MEMBERS)).toEqual({});
  });

  it('resolves as soon as every member has acknowledged', async () => {
    await feed.register(60_000);
    await feed.acknowledge('cache', (await feed.poll('cache')).total, 60_000);
    const change = revoke();
    await expect.poll(() => store.findByDigest(key.digest)).toHaveProperty('revokedAt');
    await feed.acknowledge('cache', (await feed.poll('cache')).total, 60_000);
    await change;
    expect((await feed.readMembers()).members).toHaveLength(1);
  });

  it('resolves as soon as the last member leaves', async () => {
    await feed.register(60_000);
    await feed.acknowledge('cache', (await feed.poll('cache')).total, 60_000);
    const change = revoke();
    await expect.poll(() => store.findByDigest(key.digest)).toHaveProperty('revokedAt');
    await feed.leave('cache');
    await change;
  });

  it('holds a change whose server ends after the commit until the lease has expired', async () => {
    await abandonedMember();
    const dying = intercepted(client, {
      after: (keys) => isCommit(keys) && server.stop('SIGKILL'),
    });
    expect(await durationOf(revoke(redisStore(dying)))).toBeGreaterThanOrEqual(WAIT_MS);
  });

  it('holds a change whose server ends during the wait until the lease has expired', async () => {
    await abandonedMember();
    let isStopped = false;
    const dying = intercepted(client, {
      after: async (keys) => {
        if (isStopped || !isMembersRead(keys)) return;
        isStopped = true;
        await server.stop('SIGKILL');
      },
    });
    expect(await durationOf(revoke(redisStore(dying)))).toBeGreaterThanOrEqual(WAIT_MS);
    expect(isStopped).toBe(true);
  });

  it('resolves a change whose server hangs during the wait once the lease has expired', async () => {
    await abandonedMember();
    let isPaused = false;
    const hanging = intercepted(client, {
      after: async (keys) => {
        if (isPaused || !isMembersRead(keys)) return;
        isPaused = true;
        await client.sendCommand(['CLIENT', 'PAUSE', '600000', 'ALL']);
      },
    });
    expect(await durationOf(revoke(redisStore(hanging)))).toBeGreaterThanOrEqual(WAIT_MS);
    expect(isPaused).toBe(true);
  });

  it('does not count up to a total of before the server lost its data', async () => {
    const before = await feed.poll('observer');
    await disable();
    await changing(store).update({ id: key.id }, { name: 'two' }, trace());
    await client.flushAll();
    expect((await feed.poll('observer')).total).toBeGreaterThan(before.total + 2);
  });

  it('has another epoch after the server lost its data', async () => {
    await abandonedMember();
    const before = await feed.poll('gone');
    await client.flushAll();
    const after = await feed.poll('gone');
    expect(after.epoch).not.toBe(before.epoch);
    expect(after).not.toHaveProperty('acked');
    expect((await feed.read(new Map())).epoch).toBe(after.epoch);
    expect((await feed.readMembers()).epoch).toBe(after.epoch);
  });

  it('waits for leases of an earlier epoch, once', async () => {
    await feed.register(LEASE_MS);
    await feed.settle('an earlier epoch');
    expect(await durationOf(disable())).toBeGreaterThanOrEqual(WAIT_MS);
    const { settled, epoch } = await feed.readMembers();
    expect(settled).toBe(epoch);
  });

  it('has no push where the client cannot be duplicated, and waits all the same', async () => {
    const pool = createClientPool({ url: server.url });
    await pool.connect();
    const pooled = redisStore(pool);
    expect(pooled.changes).not.toHaveProperty('subscribe');
    await abandonedMember();
    expect(await durationOf(revoke(pooled))).toBeGreaterThanOrEqual(WAIT_MS);
    pool.destroy();
  });

  it('pushes again after the connection was lost', async () => {
    let calls = 0;
    const end = await feed.subscribe?.(() => calls++);
    await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await expect
      .poll(async () => {
        await feed.hint();
        return calls;
      })
      .toBeGreaterThan(0);
    await end?.();
  });
});
