import { createApiKeys } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemTiming } from '../../../src/clock.ts';
import { Changes } from '../../../src/rules/changes.ts';
import { createRule } from '../../../src/rules/create.ts';
import { startRedis } from '../../servers/redis.ts';
import { format } from '../../support.ts';
import { changing } from '../sql/changing.ts';
import {
  type AdminClient,
  intercepted,
  isCommit,
  isView,
  openNodeRedis,
  snapshot,
} from './clients.ts';

const server = await startRedis();
const url = server?.url ?? '';
afterAll(() => server?.stop());

const HOLD = '{keywright}:hold:org_1';

describe.skipIf(server === undefined)('a change in Redis', () => {
  let client: AdminClient;
  let close: () => void;

  beforeEach(async () => {
    ({ client, close } = await openNodeRedis(url));
    await client.flushAll();
  });
  afterEach(() => close());

  /** Work that is done the first time alone. */
  function once(work: () => Promise<unknown>): () => Promise<void> {
    let isDone = false;
    return async () => {
      if (isDone) return;
      isDone = true;
      await work();
    };
  }

  /** A store whose changes lose a race: something else happens once a view has been read. */
  function interrupted(work: () => Promise<unknown>) {
    return redisStore(intercepted(client, { after: (keys) => isView(keys) && work() }));
  }

  /** A store for which something else happens before a change is written. */
  function forestalled(work: () => Promise<unknown>) {
    return redisStore(intercepted(client, { before: (keys) => isCommit(keys) && work() }));
  }

  it('is decided again when another came in between', async () => {
    const rival = redisStore(client);
    const [first, key] = [storedKey(), storedKey()];
    const store = interrupted(once(() => changing(rival).create(first, trace())));
    await changing(store).create(key, trace());
    const events = await rival.readChain(key.owner, 0, 10);
    expect(events.map(({ keyId }) => keyId)).toEqual([first.id, key.id]);
    const keys = createApiKeys({ format, environments: ['live'], store: rival });
    expect(await keys.verifyActivity({ owner: key.owner })).toHaveProperty('ok', true);
  });

  it('sees a revocation that came in between', async () => {
    const rival = redisStore(client);
    const key = storedKey();
    await changing(rival).create(key, trace());
    const store = interrupted(once(() => changing(rival).revoke({ id: key.id }, trace({ at: 5 }))));
    const update = changing(store).update({ id: key.id }, { name: 'n' }, trace());
    await expect(update).rejects.toHaveProperty('code', 'key_revoked');
    expect(await rival.find({ id: key.id })).toEqual({ ...key, revokedAt: 5 });
    expect(await rival.readChain(key.owner, 0, 10)).toHaveLength(2);
  });

  it('gives up after five seconds of lost races, and leaves nothing', async () => {
    const rival = redisStore(client);
    const key = storedKey();
    let races = 0;
    const store = interrupted(async () => {
      await client.del(HOLD); // as if the reservation had expired
      await changing(rival).create(storedKey(), trace());
      races++;
    });
    let now = 0;
    const pause = async () => {
      now += 1000;
    };
    const changes = new Changes(store, {
      viewTimeoutMs: 30_000,
      timing: { ...systemTiming, monotonicMs: () => now, pause },
    });
    const change = changes.make(createRule(key.owner, () => key, trace()));
    await expect(change).rejects.toHaveProperty('code', 'change_contended');
    expect(await rival.find({ id: key.id })).toBeUndefined();
    expect(await rival.findByDigest(key.digest)).toBeUndefined();
    expect(races).toBeGreaterThan(5);
    expect(await rival.head(key.owner)).toHaveProperty('sequence', races);
  });

  it('decides again if the digest of the key moves to another meanwhile', async () => {
    const rival = redisStore(client);
    const key = storedKey();
    await changing(rival).create(key, trace());
    const { digest } = storedKey();
    const heir = storedKey({ owner: 'org_2', digest: key.digest });
    const store = forestalled(
      once(async () => {
        await changing(rival).upgradeDigest(key.id, key.digest, digest);
        await changing(rival).create(heir, trace());
      }),
    );
    await changing(store).update({ id: key.id }, { name: 'n' }, trace());
    expect(await rival.findByDigest(key.digest)).toEqual(heir);
    expect(await rival.findByDigest(digest)).toEqual({ ...key, digest, name: 'n' });
  });

  it('writes nothing if the record of the key is lost meanwhile', async () => {
    const key = storedKey();
    await changing(redisStore(client)).create(key, trace());
    const store = forestalled(() => client.hDel('{keywright}:records', key.digest));
    const update = changing(store).update({ id: key.id }, { name: 'n' }, trace());
    await expect(update).rejects.toHaveProperty('code', 'key_not_found');
    expect(await store.head(key.owner)).toHaveProperty('sequence', 1);
  });

  it('never loses to notes of usage', async () => {
    const store = redisStore(client);
    const { store: other, end } = await opened();
    const key = storedKey();
    const change = changing(store);
    await change.create(key, trace());
    let at = 0;
    const changes = Array.from({ length: 50 }, async (_, i) => {
      await change.update({ id: key.id }, { name: `${i}` }, trace());
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

  it('commits hundreds of concurrent changes of one owner, in several processes', async () => {
    const others = await Promise.all([opened(), opened(), opened()]);
    const changes = others.map(({ store }) => changing(store));
    const work = Array.from({ length: 300 }, (_, i) =>
      changes[i % 3]?.create(storedKey(), trace()),
    );
    await Promise.all(work);
    expect(await redisStore(client).head('org_1')).toHaveProperty('sequence', 300);
    for (const { end } of others) end();
  });

  it('keeps stores with two prefixes apart', async () => {
    const [one, two] = [redisStore(client), redisStore(client, { prefix: 'other' })];
    const key = storedKey();
    await changing(one).create(key, trace());
    const before = await snapshot(client);
    await changing(two).create(key, trace());
    await changing(two).revokeAll(key.owner, trace());
    const after = await snapshot(client);
    expect(after).toMatchObject(before);
    expect(Object.keys(after).every((name) => /^\{(keywright|other)\}:/.test(name))).toBe(true);
  });

  async function opened() {
    const one = await openNodeRedis(url);
    return { store: redisStore(one.client), end: one.close };
  }
});
