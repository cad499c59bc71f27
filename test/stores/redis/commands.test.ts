import { createApiKeys } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, successor, trace } from 'keywright/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyStore } from '../../../src/store.ts';
import { startRedis } from '../../servers/redis.ts';
import { format, newKey } from '../../support.ts';
import { changing } from '../sql/changing.ts';
import { type AdminClient, commandCounts, libraries, openNodeRedis } from './clients.ts';

const server = await startRedis();
const url = server?.url ?? '';
afterAll(() => server?.stop());

describe.skipIf(server === undefined).each(Object.entries(libraries))('over %s', (_name, open) => {
  let admin: AdminClient;
  let store: KeyStore;
  let change: ReturnType<typeof changing>;
  let close: () => void;

  beforeEach(async () => {
    const [one, two] = [await openNodeRedis(url), await open(url)];
    admin = one.client;
    store = redisStore(two.client);
    change = changing(store);
    close = () => {
      one.close();
      two.close();
    };
    await admin.flushAll();
    await admin.scriptFlush();
  });
  afterEach(() => close());

  /** A key that is there. */
  async function put() {
    const key = storedKey();
    await change.create(key, trace());
    return key;
  }

  /** The commands that the server runs for the work. */
  async function commandsOf(work: () => Promise<unknown>) {
    await admin.configResetStat();
    await work();
    return commandCounts(admin);
  }

  it('looks up with one read, and writes nothing', async () => {
    const key = await put();
    const counts = await commandsOf(async () => {
      expect(await store.findByDigest(key.digest)).toEqual(key);
    });
    expect(counts).toEqual({ hmget: 1 });
  });

  it('looks up an unknown digest with the same read', async () => {
    await put();
    const unknown = storedKey().digest;
    const counts = await commandsOf(async () => {
      expect(await store.findByDigest(unknown)).toBeUndefined();
    });
    expect(counts).toEqual({ hmget: 1 });
  });

  it('verifies with one read, one verification after another', async () => {
    const keys = createApiKeys({ format, environments: ['live'], store });
    const { secret } = await keys.create(newKey);
    const counts = await commandsOf(async () => {
      for (let i = 0; i < 10; i++)
        expect(await keys.verify(secret.reveal())).toHaveProperty('ok', true);
    });
    expect(counts).toEqual({ hmget: 10 });
    await keys.close();
  });

  it('shares one command among look-ups that begin together', async () => {
    const keys = await Promise.all(Array.from({ length: 16 }, put));
    const counts = await commandsOf(async () => {
      const found = await Promise.all(keys.map(({ digest }) => store.findByDigest(digest)));
      expect(found).toEqual(keys);
    });
    expect(counts).toEqual({ hmget: 1 });
  });

  it('gives each of many look-ups its own key, in commands of bounded size', async () => {
    const keys = await Promise.all(Array.from({ length: 300 }, put));
    const asked = Array.from({ length: 600 }, (_, i) => keys[(i * 7) % 300] ?? storedKey());
    const counts = await commandsOf(async () => {
      const found = await Promise.all(asked.map(({ digest }) => store.findByDigest(digest)));
      expect(found).toEqual(asked);
    });
    expect(counts).toEqual({ hmget: 3 });
  });

  it('notes the usage of a batch with one command', async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => [`key_${i}`, 1] as const);
    await store.recordUsage(new Map([['other', 1]]));
    const { eval: evals, evalsha, hset } = await commandsOf(() => store.recordUsage(new Map(ids)));
    expect({ evals, evalsha, hset }).toEqual({ evals: undefined, evalsha: 1, hset: undefined });
  });

  it('writes nothing for a use that is not newer', async () => {
    const { id } = await put();
    await store.recordUsage(new Map([[id, 7]]));
    const { hset } = await commandsOf(() => store.recordUsage(new Map([[id, 7]])));
    expect(hset).toBeUndefined();
  });

  it('sends a script in full once, and by its digest after that', async () => {
    const first = await commandsOf(put);
    const second = await commandsOf(put);
    expect([first.eval, second.eval, second.evalsha]).toEqual([2, undefined, 1]);
  });

  it('creates in one round trip where the head is known, and in two where it is not', async () => {
    await put();
    expect(await commandsOf(put)).toHaveProperty('evalsha', 1);
    change = changing(store);
    expect(await commandsOf(put)).toHaveProperty('evalsha', 2);
  });

  it.each([
    ['updates', (id: string) => change.update({ id }, { name: 'n' }, trace())],
    ['rotates', (id: string) => change.rotate({ id }, successor(), trace())],
    ['revokes', (id: string) => change.revoke({ id }, trace())],
  ])('%s in two round trips where there is no cache', async (_what, work) => {
    const { id } = await put();
    await store.find({ id }); // sends its script in full
    const counts = await commandsOf(() => work(id));
    expect(counts).toHaveProperty('evalsha', 2);
    expect(counts).not.toHaveProperty('eval');
  });

  it('revokes in four round trips where caches have registered', async () => {
    await store.changes?.register(1);
    await change.revoke({ id: (await put()).id }, trace());
    const { id } = await put();
    const counts = await commandsOf(() => change.revoke({ id }, trace()));
    expect(counts).toMatchObject({ evalsha: 4, publish: 1 });
  });

  it('goes on after the scripts are gone from the server', async () => {
    const key = await put();
    await admin.scriptFlush();
    expect(await store.find({ id: key.id })).toEqual(key);
    await admin.scriptFlush();
    const outcomes = await Promise.all([
      change.update({ id: key.id }, { name: 'renamed' }, trace()),
      admin.scriptFlush(),
      change.rotate({ id: key.id }, successor(), trace()),
      admin.scriptFlush(),
      change.revoke({ id: key.id }, trace()),
    ]);
    expect(outcomes[0]).toHaveProperty('name', 'renamed');
    await admin.scriptFlush();
    expect((await store.listActivity({ owner: key.owner, limit: 10 })).items).toHaveLength(4);
  });
});
