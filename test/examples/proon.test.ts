import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const sh = promisify(execFile);

/** A line that the demo prints, and the status that it says will come of it. */
interface Line {
  readonly says: string;
  readonly curl: string;
  readonly status: number;
}

let demo: ChildProcess;
let output = '';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proon-'));
  await start();
}, 60_000);

afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

/** Starts the demo as `npm run demo` does, on a file of this test's own. */
async function start(): Promise<void> {
  const preload = new URL('test/docs/resolve-keywright.ts', ROOT).href;
  const { DATABASE_URL: _, ...env } = process.env;
  output = '';
  demo = spawn(process.execPath, ['--import', preload, 'docs/examples/proon/main.ts'], {
    cwd: ROOT,
    env: { ...env, PORT: '0', PROON_FILE: join(folder, 'proon.db') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  demo.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!output.includes('/activity\n')) await once(demo.stdout as NodeJS.EventEmitter, 'data');
}

async function stop(): Promise<void> {
  demo.kill();
  const [code] = await once(demo, 'exit');
  expect(code).toBe(0);
}

function lines(): Line[] {
  return [...output.matchAll(/^# (.+): (\d{3})\n(curl .+)$/gm)].map(([, says, status, curl]) => ({
    says: says as string,
    curl: curl as string,
    status: Number(status),
  }));
}

/** Runs a line as it was printed, in a shell, and parts the answer. */
async function answerTo({ curl }: Line) {
  const { stdout } = await sh('sh', ['-c', `${curl} -s`]);
  const [head = '', ...body] = stdout.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: body.join('\r\n\r\n') };
}

describe('the Proon demo', { timeout: 60_000 }, () => {
  it('prints a first key', () => {
    expect(output).toMatch(/first key, shown this once:\n\n {2}prn_live_[0-9A-Za-z]{55}\n/);
  });

  it('prints curl lines that answer as they say, in their order', async () => {
    expect(lines().length).toBeGreaterThan(15);
    const refusals = new Set<string>();
    for (const line of lines()) {
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
    const log = lines().at(-1) as Line;
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
    const list = lines().find(({ says }) => says === 'List the keys') as Line;
    const key = /prn_live_\w{55}/.exec(output)?.[0];
    const without = { ...list, curl: list.curl.replace(/-b session=\S+/, '') };
    const withKey = {
      ...list,
      curl: list.curl.replace(/-b session=\S+/, `-H 'Authorization: Bearer ${key}'`),
    };
    expect((await answerTo(without)).status).toBe(401);
    expect((await answerTo(withKey)).status).toBe(401);
  });

  it('opens its dashboard to who has the link, once', async () => {
    const link = /http:\S+\?ticket=\S+/.exec(output)?.[0] as string;
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

  it('keeps its keys over a restart, and does not show their text again', async () => {
    const first = /prn_live_\w{55}/.exec(output)?.[0] as string;
    const rotated = lines().find(
      ({ says }) => says === 'Create a key; it is shown this once',
    ) as Line;
    const { key } = JSON.parse((await answerTo(rotated)).body) as { key: string };
    await stop();
    await start();
    expect(output).not.toContain('prn_live_');
    for (const line of lines()) expect((await answerTo(line)).status, line.says).toBe(line.status);
    const base = /http:\/\/[\d.:]+/.exec(output)?.[0] as string;
    const ask = (token: string) =>
      fetch(`${base}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask(key)).status).toBe(200);
    expect((await ask(first)).status).toBe(401); // revoked before
  });
});
