import type { ChangeFeed, KeyStore } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { createClientPool } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, redisProgram, startRedis } from '../../servers/redis.ts';
import { type AdminClient, openNodeRedis } from './clients.ts';

const LEASE_MS = 300;

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
    await store.create(key, trace());
  });
  afterEach(async () => {
    close();
    await server.stop('SIGKILL');
  });

  /** Takes a lease as a process does that then ends without giving it back. */
  async function abandonedLease(leaseMs: number) {
    const holder = `holder ${leaseMs}`;
    await feed.lease(holder, await feed.lease(holder, -1, 1), leaseMs);
  }

  async function durationOf(work: Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work;
    return performance.now() - start;
  }

  const update = (name: string) => store.update({ id: key.id }, { name }, trace());

  it('waits once for a lease that was never given back, and drops it', async () => {
    await abandonedLease(LEASE_MS);
    expect(await durationOf(update('one'))).toBeGreaterThanOrEqual(LEASE_MS);
    expect(await durationOf(update('two'))).toBeLessThan(LEASE_MS);
    expect(await client.hGetAll('{keywright}:leases')).toEqual({});
  });

  it('waits for a lease in full, however long ago the server says that it was granted', async () => {
    await abandonedLease(LEASE_MS);
    await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
    expect(await durationOf(update('one'))).toBeGreaterThanOrEqual(LEASE_MS);
  });

  it('holds a change whose server ends until the lease has run out, and then resolves it', async () => {
    await abandonedLease(LEASE_MS);
    const change = durationOf(store.revoke({ id: key.id }, trace()));
    await expect.poll(() => client.hGet('{keywright}:records', key.digest)).toContain('revokedAt');
    await server.stop('SIGKILL');
    const ms = await change;
    expect(ms).toBeGreaterThanOrEqual(LEASE_MS);
    expect(ms).toBeLessThan(LEASE_MS + 2000);
  });

  it('holds a change whose server hangs until the lease has run out, and then resolves it', async () => {
    await abandonedLease(LEASE_MS);
    const change = durationOf(store.revoke({ id: key.id }, trace()));
    const observer = await openNodeRedis(server.url);
    await expect
      .poll(() => observer.client.hGet('{keywright}:records', key.digest))
      .toContain('revokedAt');
    await observer.client.sendCommand(['CLIENT', 'PAUSE', '3000', 'ALL']);
    expect(await change).toBeLessThan(2000);
    observer.close();
  });

  it('does not count up to a generation of before the server lost its data', async () => {
    const before = await feed.lease('observer', -1, 1);
    await update('one');
    await update('two');
    await client.flushAll();
    expect(await feed.lease('observer', -1, 1)).toBeGreaterThan(before + 2);
  });

  it('has no push where the client cannot be duplicated, and is kept all the same', async () => {
    const pool = createClientPool({ url: server.url });
    await pool.connect();
    const pooled = redisStore(pool);
    expect(pooled.changes).not.toHaveProperty('subscribe');
    await abandonedLease(LEASE_MS);
    const ms = await durationOf(pooled.revoke({ id: key.id }, trace()));
    expect(ms).toBeGreaterThanOrEqual(LEASE_MS);
    pool.destroy();
  });

  it('pushes again after the connection was lost', async () => {
    let calls = 0;
    const end = await feed.subscribe?.(() => calls++);
    await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await expect
      .poll(async () => {
        await update(`${calls}`);
        return calls;
      })
      .toBeGreaterThan(0);
    await end?.();
  });
});
