import { readFile } from 'node:fs/promises';
import { redisStore } from 'keywright/redis';
import { storedKey, successor, trace } from 'keywright/testing';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRedis } from '../../../src/stores/redis/check.ts';
import { promisedOutput, run, type Snippet } from '../../docs/snippets.ts';
import { complaintsAbout } from '../../docs/type-check.ts';
import { startRedis } from '../../servers/redis.ts';
import { changing } from '../sql/changing.ts';
import { openNodeRedis } from './clients.ts';

const server = await startRedis();
const url = server?.url ?? '';
afterAll(() => server?.stop());

const page = await readFile(new URL('../../../docs/guide/redis.md', import.meta.url), 'utf8');
const snippets: Snippet[] = [...page.matchAll(/^ *```ts redis\n(.*?)^ *```$/gms)].map(
  ([, code = ''], index) => ({
    name: `snippet ${index + 1}`,
    code: code.replaceAll('redis://localhost:6379', url),
  }),
);

describe('the guide to Redis', () => {
  it('has snippets that pass the type check', () => {
    expect(snippets.length).toBe(3);
    expect(complaintsAbout(snippets)).toEqual([]);
  });

  it.skipIf(server === undefined).each(snippets)(
    'has a $name that runs, and prints what it says',
    async (snippet) => {
      const running = await run(snippet);
      const code = await running.ended;
      await running.stop();
      expect(code, running.output()).toBe(0);
      for (const promised of promisedOutput(snippet)) expect(running.output()).toMatch(promised);
    },
  );
});

describe.skipIf(server === undefined)('the user of the guide', () => {
  beforeAll(async () => {
    const [, lines = ''] = /^(ACL SETUSER .*?)^```$/ms.exec(page) ?? [];
    const { client, close } = await openNodeRedis(url);
    await client.sendCommand(lines.trim().split(/\s+/));
    close();
  });

  it('allows the commands of the store to the user of the guide', async () => {
    const client = createClient({ url, username: 'keywright', password: 'password' });
    await client.connect();
    const store = redisStore(client);
    const [key, next] = [storedKey(), successor()];
    const end = await store.changes?.subscribe?.(() => {});
    const change = changing(store);
    await change.create(key, trace());
    await change.update({ id: key.id }, { name: 'n' }, trace());
    await change.rotate({ id: key.id }, next, trace());
    await store.recordUsage(new Map([[key.id, 7]]));
    await change.upgradeDigest(key.id, key.digest, storedKey().digest);
    await store.changes?.register(100);
    const { total = 0, epoch = '' } = (await store.changes?.poll('holder')) ?? {};
    await store.changes?.acknowledge('holder', total, 100);
    await store.changes?.read(new Map());
    await change.revoke({ id: key.id }, trace());
    await store.changes?.prune(['holder'], total + 1);
    await store.changes?.leave('holder');
    await store.changes?.settle(epoch);
    await change.revokeAll(key.owner, trace());
    await change.writeFactor({ owner: key.owner, actorId: 'user_2' }, 'secret', trace());
    await change.eraseActor(key.owner, 'user_1', trace());
    const counting = changing(redisStore(client, { replicas: 1 }));
    await expect(counting.create(storedKey({ owner: 'org_2' }), trace())).rejects.toThrow(
      /replicas/,
    );
    expect((await checkRedis(client, 'keywright')).map(({ code }) => code)).toEqual([
      'redis_waits_for_hung_server',
      'redis_not_durable',
    ]);
    const query = { owner: key.owner, limit: 1, now: 0 };
    const { cursor } = await store.list(query);
    await store.list({ ...query, cursor: cursor ?? '' });
    await store.listActivity(query);
    expect(await store.findByDigest(next.digest)).toHaveProperty('id', next.id);
    expect(await store.readChain(key.owner, 0, 10)).toHaveLength(7);
    await store.deliveries?.register('siem');
    const claiming = { consumer: 'siem', holder: 'h', limit: 9, leaseMs: 1000 };
    const [claim] = (await store.deliveries?.claim(claiming)) ?? [];
    expect(claim).toMatchObject({ owner: key.owner, sequence: 0 });
    if (claim) await store.deliveries?.record(claim, { sequence: 1, leaseMs: 1000 });
    if (claim) await store.deliveries?.release(claim, { sequence: 2 });
    await end?.();
    client.destroy();
  });

  it('denies all other commands to the user of the guide', async () => {
    const client = createClient({ url, username: 'keywright', password: 'password' });
    await client.connect();
    await expect(client.get('other')).rejects.toThrow(/NOPERM/);
    await expect(client.del('{keywright}:records')).rejects.toThrow(/NOPERM/);
    await expect(client.flushAll()).rejects.toThrow(/NOPERM/);
    client.destroy();
  });
});
