import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerTo, type Demo, failedStart, startDemo } from './demo.ts';

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

describe('the ProoN demo', () => {
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

  it('opens its dashboard by the sign-in link, more than once', async () => {
    const { link } = demo;
    const open = () => fetch(link, { redirect: 'manual' });
    await open();
    const signedIn = await open();
    expect(signedIn.status).toBe(303);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/);
    const address = new URL(signedIn.headers.get('location') ?? '', link);
    const [page, session] = await Promise.all([
      fetch(address),
      fetch(new URL('api/session', address), { headers: { cookie: cookie.split(';')[0] ?? '' } }),
    ]);
    expect(await page.text()).toContain('<keywright-keys');
    expect(await session.json()).toMatchObject({
      ...{ owner: 'org_acme', ownerName: 'Acme Inc.', actor: { name: 'Ada' } },
      brand: { name: 'ProoN', variable: 'PROON_API_KEY' },
    });
    const wrong = await fetch(link.replace(/ticket=.*/, 'ticket=x'), { redirect: 'manual' });
    expect([wrong.headers.get('set-cookie'), wrong.headers.get('location')]).toEqual([null, '/']);
  });

  it('has a home page with a sign-in, whose links all lead to pages of its own', async () => {
    const home = await (await fetch(demo.base)).text();
    expect(home).toContain('Sign in as Ada');
    const signedIn = await fetch(`${demo.base}/app/sign-in`, {
      method: 'POST',
      redirect: 'manual',
    });
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const inside = await (await fetch(demo.base, { headers: { cookie } })).text();
    const links = [...inside.matchAll(/href="(\/[^"]*)"/g)].map(([, path]) => path ?? '');
    expect(links).toHaveLength(4);
    for (const path of links) {
      expect((await fetch(demo.base + path, { headers: { cookie } })).status, path).toBe(200);
    }
    for (const name of ['API keys', 'Account activity', 'Security']) expect(inside).toContain(name);
    const out = await fetch(`${demo.base}/app/sign-out`, { method: 'POST', redirect: 'manual' });
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  it.each([
    [{ PORT: '80a' }, 'PORT must be a number from 0 to 65535, such as 8787, not "80a"'],
    [{ PORT: '70000' }, 'PORT must be a number'],
    [{ DATABASE_URL: 'localhost' }, 'DATABASE_URL must be an address'],
    [{ DATABASE_URL: 'mongodb://u:secret@db/x' }, 'DATABASE_URL must begin with postgres:'],
    [{ DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' }, 'cannot be used: ECONNREFUSED'],
    [{ DATABASE_URL: 'redis://u:secret@127.0.0.1:1' }, 'cannot be used: ECONNREFUSED'],
  ])('says in a line what is wrong with %j', async (environment, message) => {
    const { code, errors } = await failedStart(environment);
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors).not.toContain('secret');
    expect(errors.trim().split('\n')).toHaveLength(1);
  });
});
