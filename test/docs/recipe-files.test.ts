import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { unauthorized } from 'keywright';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../servers/postgres.ts';
import { filesOf, type RecipeFolder, writeFiles } from './files.ts';
import { openMailbox } from './mailbox.ts';
import { complaintsAbout } from './type-check.ts';

const GUIDE = new URL('../../docs/guide/', import.meta.url);

const folders: RecipeFolder[] = [];
const postgres = await startPostgres();
afterAll(async () => {
  for (const folder of folders) await folder.remove();
  await postgres?.stop();
});

async function writeRecipe(page: string) {
  const folder = await writeFiles(page);
  folders.push(folder);
  return folder;
}

async function assertOrders(page: string, env: Record<string, string>) {
  const folder = await writeRecipe(page);
  const token = folder.run('scripts/create-key.ts', env).trim();
  const origin = await folder.serve('src/server.ts', env);
  const ask = (init: RequestInit = {}) => fetch(`${origin}/api/v1/orders`, init);
  const headers = { authorization: `Bearer ${token}` };
  const granted = await ask({ headers });
  expect(granted.status).toBe(200);
  expect(await granted.json()).toEqual({ owner: 'org_acme', orders: [] });
  const forbidden = await ask({ headers, method: 'POST' });
  expect(forbidden.status).toBe(403);
  expect(forbidden.headers.get('www-authenticate')).toContain('scope="orders:write"');
  const refused = await ask();
  expect(refused.status).toBe(401);
  expect(await refused.text()).toBe(unauthorized().body);
  expect((await fetch(`${origin}/api/v1/unknown`)).status).toBe(401);
}

describe('the files that a page shows', () => {
  it('pass the type check, with a mistake in a scope they would not', async () => {
    const names = await readdir(GUIDE, { recursive: true });
    const pages: string[] = [];
    for (const name of names.filter((path) => path.endsWith('.md'))) {
      const files = await filesOf(`docs/guide/${name}`).catch(() => undefined);
      if (files === undefined) continue;
      pages.push(name);
      const snippets = [...files].map(([path, code]) => ({ name: `${name}: ${path}`, path, code }));
      expect(complaintsAbout(snippets)).toEqual([]);
      const misspelt = snippets.map((snippet) => ({
        ...snippet,
        code: snippet.code.replace(
          "requireScopes('orders:write')",
          "requireScopes('orders:wirte')",
        ),
      }));
      if (misspelt.some(({ code }) => code.includes('wirte'))) {
        expect(complaintsAbout(misspelt).join()).toContain('orders:wirte');
      }
    }
    expect(pages.length).toBeGreaterThanOrEqual(6);
  });

  it('serves orders with Fastify and SQLite', () =>
    assertOrders('docs/guide/recipes/fastify-sqlite.md', { DATABASE_FILE: 'keys.db' }));

  it.skipIf(postgres === undefined)('serves orders with Express and PostgreSQL', async () => {
    const DATABASE_URL = (await postgres?.database()) ?? '';
    await assertOrders('docs/guide/recipes/express-postgres.md', { DATABASE_URL });
  });

  it('mails owners before their keys expire, once', async () => {
    const folder = await writeRecipe('docs/guide/recipes/expiry-mails.md');
    const mailbox = await openMailbox();
    const env = { DATABASE_FILE: 'keys.db', SMTP_URL: mailbox.url };
    const run = (...args: string[]) => folder.runBeside(args, env);
    await run('scripts/create-key.ts', 'org_acme');
    await run('scripts/create-key.ts', 'org_other');
    await run('scripts/expiry-mails.ts');
    const mails = mailbox.mails.splice(0).sort();
    expect(mails.map((mail) => /^To: (.*)$/m.exec(mail)?.[1])).toEqual([
      'org_acme@customers.example',
      'org_other@customers.example',
    ]);
    expect(mails[0]).toMatch(/^Subject: Your API key Zapier production expires on \d{4}-/m);
    await run('scripts/create-key.ts', 'org_late');
    await run('scripts/expiry-mails.ts');
    expect(mailbox.mails.map((mail) => /^To: (.*)$/m.exec(mail)?.[1])).toEqual([
      'org_late@customers.example',
    ]);
    await mailbox.close();
  });

  it('serves an admin tool over all owners', async () => {
    const env = { DATABASE_FILE: 'keys.db', STAFF: 'ada:correct-horse' };
    const folder = await writeRecipe('docs/guide/recipes/admin-tool.md');
    const token = folder.run('scripts/create-key.ts', env).trim();
    for (const owner of ['org_a', 'org_b']) {
      await folder.runBeside(['scripts/create-key.ts', owner], env);
    }
    const origin = await folder.serve('src/admin.ts', env);
    const ask = (path: string, init: RequestInit = {}, password = 'correct-horse') => {
      const authorization = `Basic ${btoa(`ada:${password}`)}`;
      return fetch(`${origin}${path}`, { ...init, headers: { authorization, ...init.headers } });
    };
    expect((await fetch(`${origin}/keys`)).status).toBe(401);
    expect((await ask('/keys', {}, 'wrong')).status).toBe(401);
    expect((await ask('/keys', {}, '')).status).toBe(401);

    const listed = await ask('/keys?createdBy=user_eve&limit=2&createdAfter=2026-01-01');
    const { items, cursor } = (await listed.json()) as { items: object[]; cursor: string };
    expect(items).toMatchObject([{ owner: 'org_b' }, { owner: 'org_a' }]);
    const rest = await ask(`/keys?createdBy=user_eve&cursor=${encodeURIComponent(cursor)}`);
    expect(await rest.json()).toMatchObject({ items: [{ owner: 'org_acme' }] });
    for (const query of ['owner=org_acme', 'state=alive', 'expiresBefore=soon', 'limit=no']) {
      expect((await ask(`/keys?${query}`)).status).toBe(400);
    }

    const json = { 'content-type': 'application/json' };
    const post = (path: string, body: object, headers: Record<string, string> = json) =>
      ask(path, { method: 'POST', body: JSON.stringify(body), headers });
    expect(await (await post('/identify', { token })).json()).toMatchObject({ owner: 'org_acme' });
    expect((await post('/identify', { token: 'no token' })).status).toBe(404);
    expect((await post('/identify', {})).status).toBe(400);

    const order = { filter: { createdBy: 'user_eve' }, reason: 'left the company' };
    const foreign = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    expect((await post('/revoke', order, foreign)).status).toBe(403);
    expect((await post('/revoke', { ...order, filter: {} })).status).toBe(400);
    expect(await (await post('/revoke', order)).json()).toEqual({ revoked: 3, owners: 3 });
    const left = await ask('/keys?state=active');
    expect(await left.json()).toEqual({ items: [] });
  });

  it('delivers activity with a signature that the receiver checks', async () => {
    const folder = await writeRecipe('docs/guide/recipes/siem.md');
    const [WEBHOOK_SECRET, wrong] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
    const env = { DATABASE_FILE: 'keys.db', ONCE: '1' };
    const receiver = await folder.serve('src/receiver.ts', {
      ...env,
      WEBHOOK_SECRET: `${WEBHOOK_SECRET}`,
    });
    // On a connection of its own: an idle one is closed while the next program runs.
    const alone = { headers: { connection: 'close' } };
    const received = async () => (await (await fetch(receiver, alone)).json()) as string[];
    const deliver = (secret = '') =>
      folder.run('src/deliver.ts', { ...env, WEBHOOK_URL: receiver, WEBHOOK_SECRET: secret });

    folder.run('scripts/create-key.ts', env);
    expect(() => deliver(wrong)).toThrow('the webhook answered 401');
    expect(await received()).toEqual([]);
    const created = 'org_acme 1 key.created by user_ada';
    // The owner whose delivery was refused is tried again after a second.
    const deliverUntil = async (expected: string[]) => {
      let arrived: string[] = [];
      while (arrived.length < expected.length) {
        deliver(WEBHOOK_SECRET);
        arrived = await received();
      }
      expect(arrived).toEqual(expected);
    };
    await deliverUntil([created]);
    folder.run('scripts/create-key.ts', env);
    await deliverUntil([created, 'org_acme 2 key.created by user_ada']);
  });

  it('keeps one service over a reload of Next.js', async () => {
    const folder = await writeRecipe('docs/guide/frameworks/next.md');
    process.env.DATABASE_FILE = `${folder.path}/keys.db`;
    const file = pathToFileURL(`${folder.path}/lib/keys.ts`).href;
    const before = await import(/* @vite-ignore */ `${file}?before`);
    const after = await import(/* @vite-ignore */ `${file}?after`);
    expect(after.getKeys).not.toBe(before.getKeys);
    const keys = await before.getKeys();
    expect(await after.getKeys()).toBe(keys);
    const { secret } = await keys.create({
      name: 'Zapier production',
      owner: 'org_acme',
      environment: 'live',
      actor: { id: 'user_ada' },
    });
    const { GET } = await import(
      /* @vite-ignore */ pathToFileURL(`${folder.path}/app/api/me/route.ts`).href
    );
    const headers = { authorization: `Bearer ${secret.reveal()}` };
    const url = 'https://example.com/api/me';
    expect(await (await GET(new Request(url, { headers }))).json()).toEqual({ owner: 'org_acme' });
    expect((await GET(new Request(url))).status).toBe(401);
    await keys.close();
  });
});
