import { hasCode } from 'keywright';
import { redisStore } from 'keywright/redis';
import { storedKey, trace } from 'keywright/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeOn, eventDraft } from '../../../src/testing/store/writes.ts';
import { startRedis } from '../../servers/redis.ts';
import { changing } from '../sql/changing.ts';
import { type AdminClient, intercepted, isCommit, openNodeRedis, repeating } from './clients.ts';

const server = await startRedis();
const url = server?.url ?? '';
afterAll(() => server?.stop());

const HOLD = '{keywright}:hold:org_1';

describe.skipIf(server === undefined)('a change in Redis that holds its owner', () => {
  let client: AdminClient;
  let close: () => void;

  beforeEach(async () => {
    ({ client, close } = await openNodeRedis(url));
    await client.flushAll();
  });
  afterEach(() => close());

  it('keeps others from committing and from holding, and gives the owner back', async () => {
    const [store, rival] = [redisStore(client), redisStore(client)];
    const change = await changeOn(store, 'org_1', eventDraft('org_1'));
    await store.hold?.('org_1', async (held) => {
      expect(await rival.commit(change)).toHaveProperty('status', 'stale');
      expect(await store.commit(change)).toHaveProperty('status', 'stale');
      const second = await rival.hold?.('org_1', async () => 'held').catch((error) => error);
      expect(hasCode(second, 'change_contended')).toBe(true);
      expect(await held.commit(change)).toHaveProperty('status', 'committed');
    });
    expect(await rival.hold?.('org_1', async () => 'held')).toBe('held');
  });

  it('gives the owner back with its commit', async () => {
    const store = redisStore(client);
    let leftMs: number | undefined;
    const watching = redisStore(
      intercepted(client, {
        after: async (keys) => {
          if (isCommit(keys)) leftMs = await client.pTTL(HOLD);
        },
      }),
    );
    await changing(store).create(storedKey(), trace());
    expect(await changing(watching).revokeAll('org_1', trace())).toBe(1);
    expect(leftMs).toBeLessThanOrEqual(1);
  });

  it("expires where its process has gone, and then gives back nobody else's hold", async () => {
    const [store, rival] = [redisStore(client), redisStore(client)];
    const key = storedKey();
    await store.hold?.('org_1', async (held) => {
      const change = await changeOn(held, 'org_1', eventDraft('org_1'));
      const leftMs = await client.pTTL(HOLD);
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(5000);
      await client.del(HOLD); // as if it had expired
      await changing(rival).create(key, trace());
      expect(await held.commit(change)).toHaveProperty('status', 'stale');
      await client.set(HOLD, 'another');
    });
    expect(await client.get(HOLD)).toBe('another');
  });

  it('holds it though the client sends the reservation twice', async () => {
    expect(await redisStore(repeating(client)).hold?.('org_1', async () => 'held')).toBe('held');
  });
});
