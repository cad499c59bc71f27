import { readFile } from 'node:fs/promises';
import { redisStore } from 'keywright/redis';
import { storedKey, successor, trace } from 'keywright/testing';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { promisedOutput, run, type Snippet } from '../../docs/snippets.ts';
import { complaintsAbout } from '../../docs/type-check.ts';
import { startRedis } from '../../servers/redis.ts';
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

  it('may do all that the store does', async () => {
    const client = createClient({ url, username: 'keywright', password: 'password' });
    await client.connect();
    const store = redisStore(client);
    const [key, next] = [storedKey(), successor()];
    const end = await store.changes?.subscribe?.(() => {});
    await store.create(key, trace());
    await store.update({ id: key.id }, { name: 'n' }, trace());
    await store.rotate({ id: key.id }, next, trace());
    await store.recordUsage(new Map([[key.id, 7]]));
    await store.upgradeDigest(key.id, key.digest, storedKey().digest);
    const generation = (await store.changes?.lease('holder', -1, 100)) ?? -1;
    await store.changes?.lease('holder', generation, 100);
    await store.revoke({ id: key.id }, trace());
    await store.changes?.release('holder');
    await store.revokeAll(key.owner, trace());
    await store.eraseActor(key.owner, 'user_1', trace());
    const query = { owner: key.owner, limit: 1, now: 0 };
    const { cursor } = await store.list(query);
    await store.list({ ...query, cursor: cursor ?? '' });
    await store.listActivity(query);
    expect(await store.findByDigest(next.digest)).toHaveProperty('id', next.id);
    expect(await store.readChain(key.owner, 0, 10)).toHaveLength(6);
    await end?.();
    client.destroy();
  });

  it('may do nothing else', async () => {
    const client = createClient({ url, username: 'keywright', password: 'password' });
    await client.connect();
    await expect(client.get('other')).rejects.toThrow(/NOPERM/);
    await expect(client.del('{keywright}:records')).rejects.toThrow(/NOPERM/);
    await expect(client.flushAll()).rejects.toThrow(/NOPERM/);
    client.destroy();
  });
});
