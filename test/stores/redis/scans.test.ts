import { hasCode, type StoredKey } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../../src/store.ts';
import { startRedis } from '../../servers/redis.ts';
import { changing } from '../sql/changing.ts';
import { type AdminClient, commandCounts, openNodeRedis } from './clients.ts';

const server = await startRedis();
const url = server?.url ?? '';
afterAll(() => server?.stop());

describe.skipIf(server === undefined)('many keys and events in Redis', () => {
  let client: AdminClient;
  let close = () => {};
  let store: KeyStore;
  const keys: StoredKey[] = [];
  const query = { owner: 'org_1', limit: 20, now: 0 };

  beforeAll(async () => {
    ({ client, close } = await openNodeRedis(url));
    store = redisStore(client);
    for (let i = 0; i < 3000; i++) {
      keys.push(storedKey({ createdAt: i, name: i % 1000 === 500 ? 'rare' : 'common' }));
    }
    const change = changing(store);
    const created = keys.map((key, i) =>
      change.create(
        key,
        trace({ at: i, actor: { id: i % 1000 === 500 ? 'rare "one"' : 'user_1' } }),
      ),
    );
    await Promise.all(created);
  });
  afterAll(() => close());

  async function evalsOf(work: () => Promise<unknown>): Promise<number> {
    await client.configResetStat();
    await work();
    const { evalsha = 0 } = await commandCounts(client);
    return evalsha;
  }

  it('pages keys and events with one command a page without filters', async () => {
    await store.list(query);
    await store.listActivity(query);
    const evals = await evalsOf(async () => {
      const page = await store.list(query);
      expect(page.items).toEqual(keys.slice(-20).reverse());
      await store.list({ ...query, cursor: page.cursor ?? '' });
      await store.listActivity(query);
    });
    expect(evals).toBe(3);
  });

  it('searches keys and events in few steps of bounded size', async () => {
    const evals = await evalsOf(async () => {
      const { items } = await store.list({ ...query, text: 'RARE' });
      expect(items.map(({ createdAt }) => createdAt)).toEqual([2500, 1500, 500]);
    });
    expect(evals).toBeGreaterThan(5);
    expect(evals).toBeLessThan(12);
  });

  it('finds events by actor, key and action, anywhere in the log', async () => {
    const id = keys[500]?.id ?? '';
    for (const [filter, expected] of [
      [{ actorId: 'rare "one"' }, [2500, 1500, 500]],
      [{ keyId: id }, [500]],
      [{ keyId: id, action: 'key.created' }, [500]],
      [{ keyId: id, action: 'key.revoked' }, []],
      [{ actorId: 'rare' }, []],
    ] as const) {
      const { items } = await store.listActivity({ ...query, ...filter });
      expect(
        items.map(({ at }) => at),
        JSON.stringify(filter),
      ).toEqual(expected);
    }
  });

  it('does not match events with the same text in another field', async () => {
    const key = storedKey({ owner: 'org_2', createdBy: { id: 'a', detail: { id: 'b' } } });
    await changing(store).create(key, trace({ actor: key.createdBy }));
    expect(await store.listActivity({ owner: 'org_2', limit: 10, actorId: 'b' })).toEqual({
      items: [],
    });
    expect(await changing(store).eraseActor('org_2', 'b', trace())).toBe(0);
  });

  it('rejects a cursor of another list', async () => {
    for (const cursor of ['3001', '9007199254740991']) {
      const error = await store.listActivity({ ...query, cursor }).catch((caught) => caught);
      expect(hasCode(error, 'invalid_argument')).toBe(true);
    }
    for (const cursor of [`7.${keys[8]?.id}`, '7.key_unknown']) {
      const error = await store.list({ ...query, cursor }).catch((caught) => caught);
      expect(hasCode(error, 'invalid_argument')).toBe(true);
    }
  });

  it('revokes many keys at once', async () => {
    expect(await changing(store).revokeAll('org_1', trace({ at: 9999 }))).toBe(3000);
    expect(await store.head('org_1')).toHaveProperty('sequence', 6000);
    const { items } = await store.list({ ...query, state: 'active' });
    expect(items).toEqual([]);
  });
});

describe.skipIf(server === undefined)('look-ups in Redis', () => {
  let client: AdminClient;
  let close = () => {};

  beforeAll(async () => {
    ({ client, close } = await openNodeRedis(url));
  });
  afterAll(() => close());

  it('fails one look-up alone if its record cannot be read', async () => {
    const store = redisStore(client, { prefix: 'lookups' });
    const [good, bad] = [storedKey(), storedKey()];
    for (const key of [good, bad]) await changing(store).create(key, trace());
    await client.hSet('{lookups}:records', bad.digest, 'no record');
    const digests = [good.digest, bad.digest, storedKey().digest];
    const settled = await Promise.allSettled(digests.map((digest) => store.findByDigest(digest)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[0]).toHaveProperty('value', good);
  });

  it('rejects look-ups while too many wait, and accepts them again later', async () => {
    const store = redisStore(client, { prefix: 'lookups' });
    const admin = await openNodeRedis(url);
    await admin.client.sendCommand(['CLIENT', 'PAUSE', '500', 'ALL']);
    const { digest } = storedKey();
    const waiting = Array.from({ length: 10_000 }, () => store.findByDigest(digest));
    const error = await Promise.resolve(store.findByDigest(digest)).catch((caught) => caught);
    expect(hasCode(error, 'store_unavailable')).toBe(true);
    expect(await Promise.all(waiting)).toEqual(Array(10_000).fill(undefined));
    expect(await store.findByDigest(digest)).toBeUndefined();
    admin.close();
  });
});
