import { type NodeRedisClient, redisStore } from 'keywright/redis';
import { storedKey, successor, trace } from 'keywright/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRedis } from '../../servers/redis.ts';
import { changing } from '../sql/changing.ts';
import { type AdminClient, openNodeRedis, repeating, snapshot } from './clients.ts';

const server = await startRedis();
const url = server?.url ?? '';
afterAll(() => server?.stop());

describe.skipIf(server === undefined)('a change in Redis', () => {
  let client: AdminClient;
  let close: () => void;

  beforeEach(async () => {
    ({ client, close } = await openNodeRedis(url));
    await client.flushAll();
  });
  afterEach(() => close());

  it('is made once though the client sends it twice', async () => {
    const store = redisStore(repeating(client));
    const change = changing(store);
    const key = storedKey();
    const next = successor();
    const { digest } = storedKey();
    await change.create(key, trace());
    const { digest: upgraded } = storedKey();
    expect(await change.upgradeDigest(key.id, key.digest, upgraded)).toBe(true);
    expect(await change.update({ id: key.id }, { name: 'n' }, trace())).toHaveProperty('name', 'n');
    const rotation = await change.rotate({ id: key.id }, next, trace());
    expect(rotation).toHaveProperty('key.id', next.id);
    expect(await change.upgradeDigest(key.id, upgraded, digest)).toBe(true);
    expect(await change.revoke({ id: key.id }, trace())).toHaveProperty('revokedAt');
    expect(await change.revokeAll(key.owner, trace())).toBe(1);
    const factor = { owner: key.owner, actorId: 'user_1' };
    expect(await change.writeFactor(factor, 'one', trace())).toBe(true);
    expect(await change.eraseActor(key.owner, 'user_1', trace())).toBe(6);
    const actions = (await store.readChain(key.owner, 0, 10)).map(({ action }) => action);
    const [revoked, erased] = ['key.revoked', 'activity.erased'];
    expect(actions).toEqual([
      ...['key.created', 'key.updated', 'key.rotated', revoked, revoked, 'factor.passed', erased],
    ]);
    expect(await store.findByDigest(digest)).toHaveProperty('id', key.id);
    expect(await store.findByDigest(upgraded)).toBeUndefined();
  });

  it('commits a change once that the client sends again, even after later changes', async () => {
    const [store, rival] = [redisStore(client), redisStore(client)];
    const key = storedKey();
    const scripts: (() => Promise<unknown>)[] = [];
    const recorder: NodeRedisClient = {
      hmGet: (name, fields) => client.hmGet(name, fields),
      eval: (script, options) => client.eval(script, options),
      evalSha: (sha1, options) => {
        scripts.push(() => client.evalSha(sha1, options));
        return client.evalSha(sha1, options);
      },
    };
    await changing(store).create(key, trace());
    await changing(redisStore(recorder)).update({ id: key.id }, { name: 'n' }, trace());
    await changing(rival).update({ id: key.id }, { name: 'later' }, trace());
    const before = await snapshot(client);
    expect(await scripts.at(-1)?.()).toEqual(['committed', '0', '']);
    expect(await snapshot(client)).toEqual(before);
  });
});
