import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerTo, type Demo, startDemo } from './demo.ts';

let demo: Demo;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proon-'));
  demo = await startDemo({ PROON_FILE: join(folder, 'proon.db') });
});

afterAll(async () => {
  await demo.stop();
  await rm(folder, { recursive: true });
});

describe('the Proon demo', () => {
  it('prints a first key', () => {
    expect(demo.output).toMatch(/first key, shown this once:\n\n {2}prn_live_[0-9A-Za-z]{55}\n/);
  });

  it('prints curl lines that answer as they say, in their order', async () => {
    expect(demo.lines.length).toBeGreaterThan(15);
    const refusals = new Set<string>();
    for (const line of demo.lines) {
      const { status, head, body } = await answerTo(line);
      expect(status, line.says).toBe(line.status);
      if (status === 401) refusals.add(head.replace(/^Date: .*$/m, '') + body);
    }
    // Whatever was wrong, the bytes are the same.
    expect(refusals.size).toBe(1);
    expect([...refusals][0]).toContain(
      '{"error":"unauthorized","message":"Provide a valid API key via `Authorization: Bearer <key>` ' +
        'header. Manage keys at https://www.proon.ai/app/settings/api-keys."}',
    );
  });

  it('then tells the whole story in the activity log', async () => {
    const log = demo.line('Who did what and when');
    const { items } = JSON.parse((await answerTo(log)).body) as {
      items: { action: string; keyName: string }[];
    };
    const story = items.map(({ action, keyName }) => `${action} ${keyName}`);
    expect(story.slice(0, 4)).toEqual([
      'key.revoked Zapier production',
      'key.rotated Zapier production',
      'key.created Reports nightly',
      'key.created Zapier production',
    ]);
  });

  it('manages no keys without the session, nor with a key in its place', async () => {
    const list = demo.line('List the keys');
    const key = /prn_live_\w{55}/.exec(demo.output)?.[0];
    const without = { ...list, curl: list.curl.replace(/-b session=\S+/, '') };
    const withKey = {
      ...list,
      curl: list.curl.replace(/-b session=\S+/, `-H 'Authorization: Bearer ${key}'`),
    };
    expect((await answerTo(without)).status).toBe(401);
    expect((await answerTo(withKey)).status).toBe(401);
  });

  it('opens its dashboard to who has the link, once', async () => {
    const { link } = demo;
    const open = () => fetch(link, { redirect: 'manual' });
    const signedIn = await open();
    expect(signedIn.status).toBe(303);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
    const address = new URL(signedIn.headers.get('location') ?? '', link);
    const [page, session] = await Promise.all([
      fetch(address),
      fetch(new URL('api/session', address), { headers: { cookie: cookie.split(';')[0] ?? '' } }),
    ]);
    expect(await page.text()).toContain('<keywright-keys');
    expect(await session.json()).toMatchObject({ owner: 'org_acme', actor: { name: 'Ada' } });
    expect((await open()).headers.get('set-cookie')).toBe(null);
  });
});
