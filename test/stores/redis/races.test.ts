import { createApiKeys } from 'keywright';
import { type NodeRedisClient, redisStore } from 'keywright/redis';
import { storedKey, successor, trace } from 'keywright/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedis } from '../../servers/redis.ts';
import { format } from '../../support.ts';
import { type AdminClient, openNodeRedis, snapshot } from './clients.ts';

const server = await startRedis();
const url = server?.url ?? '';
afterAll(() => server?.stop());

/** A change is written by the one script that touches so many keys. */
const WRITTEN = 8;

describe.skipIf(server === undefined)('a change in Redis', () => {
  let client: AdminClient;
  let close: () => void;

  beforeEach(async () => {
    ({ client, close } = await openNodeRedis(url));
    await client.flushAll();
  });
  afterEach(() => close());

  /** The client, which does something else each time that the head of a chain has been read. */
  function interrupted(work: () => Promise<unknown>): NodeRedisClient {
    return {
      hmGet: async (key, fields) => {
        const reply = await client.hmGet(key, fields);
        await work();
        return reply;
      },
      eval: (script, options) => client.eval(script, options),
      evalSha: (sha1, options) => client.evalSha(sha1, options),
    };
  }

  /** The client, which does something else before a change is written. */
  function forestalled(work: () => Promise<unknown>): NodeRedisClient {
    return {
      hmGet: (key, fields) => client.hmGet(key, fields),
      eval: (script, options) => client.eval(script, options),
      evalSha: async (sha1, options) => {
        if (options.keys.length === WRITTEN) await work();
        return client.evalSha(sha1, options);
      },
    };
  }

  /** The client, which sends every script again, as one does that has lost the answer. */
  function repeating(): NodeRedisClient {
    return {
      hmGet: (key, fields) => client.hmGet(key, fields),
      eval: async (script, options) => {
        await client.eval(script, options);
        return client.eval(script, options);
      },
      evalSha: async (sha1, options) => {
        await client.evalSha(sha1, options);
        return client.evalSha(sha1, options);
      },
    };
  }

  it('is decided anew when another came in between', async () => {
    const rival = redisStore(client);
    const key = storedKey();
    const [first, second] = [storedKey(), storedKey()];
    const rivals = [first, second];
    const store = redisStore(
      interrupted(async () => {
        const next = rivals.shift();
        if (next !== undefined) await rival.create(next, trace());
      }),
    );
    await store.create(key, trace());
    const events = await rival.readChain(key.owner, 0, 10);
    expect(events.map(({ keyId }) => keyId)).toEqual([first.id, second.id, key.id]);
    const keys = createApiKeys({ format, store: rival });
    expect(await keys.verifyActivity({ owner: key.owner })).toHaveProperty('ok', true);
  });

  it('sees a revocation that came in between', async () => {
    const rival = redisStore(client);
    const [kept, revoked] = [storedKey(), storedKey()];
    for (const key of [kept, revoked]) await rival.create(key, trace());
    const store = redisStore(
      interrupted(async () => {
        await rival.revoke({ id: revoked.id }, trace({ at: 5 }));
      }),
    );
    expect(await store.revokeAll(kept.owner, trace())).toBe(1);
    expect(await rival.find({ id: revoked.id })).toEqual({ ...revoked, revokedAt: 5 });
    expect(await rival.readChain(kept.owner, 0, 10)).toHaveLength(4);
  });

  it('gives up after many lost races, and leaves nothing', async () => {
    const rival = redisStore(client);
    const key = storedKey();
    let races = 0;
    const store = redisStore(
      interrupted(async () => {
        races++;
        await rival.create(storedKey(), trace());
      }),
    );
    await expect(store.create(key, trace())).rejects.toHaveProperty('code', 'store_unavailable');
    expect(await rival.find({ id: key.id })).toBeUndefined();
    expect(await rival.findByDigest(key.digest)).toBeUndefined();
    expect(await rival.head(key.owner)).toHaveProperty('sequence', races);
  });

  it('is made once though the client sends it twice', async () => {
    const store = redisStore(repeating());
    const key = storedKey();
    const next = successor();
    await store.create(key, trace());
    expect(await store.update({ id: key.id }, { name: 'n' }, trace())).toHaveProperty(
      'key.name',
      'n',
    );
    expect(await store.rotate({ id: key.id }, next, trace())).toHaveProperty('key.id', next.id);
    expect(await store.revoke({ id: key.id }, trace())).toHaveProperty('revokedAt');
    expect(await store.revokeAll(key.owner, trace())).toBe(1);
    expect(await store.eraseActor(key.owner, 'user_1', trace())).toBe(5);
    const actions = (await store.readChain(key.owner, 0, 10)).map(({ action }) => action);
    const [revoked, erased] = ['key.revoked', 'activity.erased'];
    expect(actions).toEqual([
      'key.created',
      'key.updated',
      'key.rotated',
      revoked,
      revoked,
      erased,
    ]);
  });

  it('of a key whose digest goes to another meanwhile is decided anew', async () => {
    const rival = redisStore(client);
    const key = storedKey();
    await rival.create(key, trace());
    const { digest } = storedKey();
    const heir = storedKey({ owner: 'org_2', digest: key.digest });
    let races = 0;
    const store = redisStore(
      forestalled(async () => {
        if (races++ > 0) return;
        await rival.upgradeDigest(key.id, key.digest, digest);
        await rival.create(heir, trace());
      }),
    );
    await store.update({ id: key.id }, { name: 'n' }, trace());
    expect(races).toBe(2);
    expect(await rival.findByDigest(key.digest)).toEqual(heir);
    expect(await rival.findByDigest(digest)).toEqual({ ...key, digest, name: 'n' });
  });

  it('of a key whose record is lost meanwhile leaves nothing', async () => {
    const key = storedKey();
    await redisStore(client).create(key, trace());
    const store = redisStore(forestalled(() => client.hDel('{keywright}:records', key.digest)));
    expect(await store.update({ id: key.id }, { name: 'n' }, trace())).toBeUndefined();
    expect(await store.head(key.owner)).toHaveProperty('sequence', 1);
  });

  it('never loses to notes of usage', async () => {
    const store = redisStore(client);
    const { store: other, end } = await opened();
    const key = storedKey();
    await store.create(key, trace());
    let at = 0;
    const changes = Array.from({ length: 50 }, async (_, i) => {
      await store.update({ id: key.id }, { name: `${i}` }, trace());
    });
    let done = false;
    const using = (async () => {
      while (!done) await other.recordUsage(new Map([[key.id, ++at]]));
    })();
    await Promise.all(changes);
    done = true;
    await using;
    expect(await store.find({ id: key.id })).toEqual({ ...key, name: '49', lastUsedAt: at });
    end();
  });

  it('of a thousand at once for one owner all succeed', async () => {
    const store = redisStore(client);
    const keys = Array.from({ length: 1000 }, () => storedKey());
    await Promise.all(keys.map((key) => store.create(key, trace())));
    expect(await store.head('org_1')).toHaveProperty('sequence', 1000);
  });

  it('of either prefix does not touch the other', async () => {
    const [one, two] = [redisStore(client), redisStore(client, { prefix: 'other' })];
    const key = storedKey();
    await one.create(key, trace());
    const before = await snapshot(client);
    await two.create(key, trace());
    await two.revokeAll(key.owner, trace());
    const after = await snapshot(client);
    expect(after).toMatchObject(before);
    expect(Object.keys(after).every((name) => /^\{(keywright|other)\}:/.test(name))).toBe(true);
  });

  async function opened() {
    const one = await openNodeRedis(url);
    return { store: redisStore(one.client), end: one.close };
  }
});
