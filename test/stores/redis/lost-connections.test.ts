import { Redis } from 'ioredis';
import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../../src/store.ts';
import { startRedis } from '../../servers/redis.ts';
import { startTcpProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';
import { changing } from '../sql/changing.ts';
import { libraries } from './clients.ts';

const server = await startRedis();
afterAll(() => server?.stop());

/** Stands in the request of a change, and in no view. */
const COMMIT = '}:events:';

describe.skipIf(server === undefined)('a connection to Redis that is cut', () => {
  let proxy: TcpProxy;
  const key = () => storedKey({ owner: `org_${crypto.randomUUID()}` });

  beforeEach(async () => {
    proxy = await startTcpProxy(server?.port ?? 0);
  });
  afterEach(() => proxy.close());

  describe.each(Object.entries(libraries))('over %s', (_name, open) => {
    let store: KeyStore;
    let close: () => void;

    beforeEach(async () => {
      const opened = await open(proxy.through(server?.url ?? ''));
      store = redisStore(opened.client);
      close = opened.close;
      await changing(store).create(key(), trace()); // sends the scripts in full
    });
    afterEach(() => close());

    it('reports a change as not made if the connection is cut before it', async () => {
      const before = key();
      const { head } = await store.view({ kind: 'owner', owner: before.owner });
      proxy.shut();
      await expect.poll(() => lookup(before.digest)).toBe('rejected');
      const change = { owner: before.owner, head, ...nothing, added: [before] };
      const error = await store.commit(change).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'store_unavailable', indeterminate: false });
      proxy.open();
      await expect.poll(() => lookup(before.digest)).toBe('fulfilled');
      expect(await store.find({ id: before.id })).toBeUndefined();
    });

    it('reports a change as indeterminate if the request was on its way', async () => {
      const lost = key();
      const cut = proxy.strike('cut before the request', COMMIT);
      await expect(changing(store).create(lost, trace())).rejects.toMatchObject({
        code: 'store_unavailable',
        indeterminate: true,
      });
      await cut;
      await expect.poll(() => lookup(lost.digest)).toBe('fulfilled');
      expect(await store.find({ id: lost.id })).toBeUndefined();
    });

    it('reports a change as indeterminate if the response was on its way, and has made it', async () => {
      const made = key();
      const cut = proxy.strike('cut before the reply', COMMIT);
      await expect(changing(store).create(made, trace())).rejects.toMatchObject({
        code: 'store_unavailable',
        indeterminate: true,
        cause: expect.any(Error),
      });
      await cut;
      await expect.poll(() => lookup(made.digest)).toBe('fulfilled');
      expect(await store.find({ id: made.id })).toEqual(made);
    });

    const nothing = { events: [], changed: [], erased: [], purged: [] };

    async function lookup(digest: string) {
      const [settled] = await Promise.allSettled([store.findByDigest(digest)]);
      return settled.status;
    }
  });

  it('makes a change once that ioredis sends again by itself', async () => {
    const client = new Redis(proxy.through(server?.url ?? ''));
    client.on('error', () => {});
    const store = redisStore(client);
    const made = key();
    await changing(store).create(key(), trace());
    const cut = proxy.strike('cut before the reply', COMMIT);
    expect(await changing(store).create(made, trace())).toEqual(made);
    await cut;
    expect(await store.readChain(made.owner, 0, 10)).toHaveLength(1);
    client.disconnect();
  });

  it('makes a digest upgrade once that ioredis sends again by itself', async () => {
    const client = new Redis(proxy.through(server?.url ?? ''));
    client.on('error', () => {});
    const store = redisStore(client);
    const made = key();
    const { digest } = storedKey();
    await changing(store).create(made, trace());
    const cut = proxy.strike('cut before the reply', COMMIT);
    expect(await changing(store).upgradeDigest(made.id, made.digest, digest)).toBe(true);
    await cut;
    expect(await store.findByDigest(digest)).toEqual({ ...made, digest });
    client.disconnect();
  });

  it('is a command that node-redis with a queue rejects, and the next change is made', async () => {
    const client = createClient({ url: proxy.through(server?.url ?? '') });
    client.on('error', () => {});
    await client.connect();
    const store = redisStore(client);
    await changing(store).create(key(), trace());
    const [lost, next] = [key(), key()];
    const cut = proxy.strike('cut before the reply', COMMIT);
    await expect(changing(store).create(lost, trace())).rejects.toHaveProperty(
      'indeterminate',
      true,
    );
    await cut;
    expect(await changing(store).create(next, trace())).toEqual(next);
    client.destroy();
  });
});
