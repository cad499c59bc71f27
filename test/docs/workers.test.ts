import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { unauthorized } from 'keywright';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries } from '../../entries.config.ts';
import { type RecipeFolder, writeFiles } from './files.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ADMIN_TOKEN = 'the-token-of-the-operator';

let folder: RecipeFolder;
let cloudflare: Miniflare;

/** The page's files, and what they come to: a Worker and its migration. */
beforeAll(async () => {
  folder = await writeFiles('docs/guide/frameworks/workers.md');
  const { outputFiles } = await build({
    entryPoints: [`${folder.path}/src/index.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'], // as wrangler bundles
    alias: Object.fromEntries(entries.map(({ specifier, source }) => [specifier, `./${source}`])),
    absWorkingDir: ROOT,
  });
  cloudflare = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-01-01',
    d1Databases: ['DB'],
    bindings: { ADMIN_TOKEN },
    cf: false, // it would be fetched
  });
  const database = await cloudflare.getD1Database('DB');
  await database.exec(folder.run('scripts/migration.ts'));
});

afterAll(async () => {
  await cloudflare?.dispose();
  await folder.remove();
});

function ask(path: string, token?: string, init: { method?: string; body?: string } = {}) {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return cloudflare.dispatchFetch(`http://worker.invalid${path}`, { ...init, headers });
}

async function createKey(fields: object = {}) {
  const body = JSON.stringify({ name: 'Zapier production', owner: 'org_acme', ...fields });
  const response = await ask('/admin/keys', ADMIN_TOKEN, { method: 'POST', body });
  expect(response.status).toBe(201);
  return (await response.json()) as { readonly id: string; readonly token: string };
}

describe('the Worker of docs/guide/frameworks/workers.md, in workerd', () => {
  it('authenticates a key that it has created', async () => {
    const { id, token } = await createKey();
    const response = await ask('/api/me', token);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ keyId: id, owner: 'org_acme' });
  });

  it('refuses who has no key, and who is not the operator', async () => {
    const refused = await ask('/api/me');
    expect(refused.status).toBe(401);
    expect(await refused.text()).toBe(unauthorized().body);
    expect((await ask('/admin/keys', undefined, { method: 'POST' })).status).toBe(401);
  });

  it('requires the scope of a route', async () => {
    const reader = await createKey();
    const writer = await createKey({ scopes: ['orders:write'] });
    const order = (token: string) => ask('/api/orders', token, { method: 'POST' });
    expect((await order(reader.token)).status).toBe(403);
    expect((await order(writer.token)).status).toBe(201);
  });

  it('answers many requests at once, each by itself', async () => {
    const { token } = await createKey();
    const unknown = `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`;
    const tokens = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? token : unknown));
    const answers = await Promise.all(
      tokens.map(async (presented) => {
        const response = await ask('/api/me', presented);
        return { status: response.status, body: await response.text() };
      }),
    );
    const expected = tokens.map((presented) => (presented === token ? 200 : 401));
    expect(answers.map(({ status }) => status)).toEqual(expected);
    for (const { status, body } of answers) {
      if (status === 401) expect(body).toBe(unauthorized().body);
      else expect(JSON.parse(body)).toMatchObject({ owner: 'org_acme' });
    }
  });

  it('writes times of last use after the answer', async () => {
    const { id, token } = await createKey();
    await (await ask('/api/me', token)).text();
    const database = await cloudflare.getD1Database('DB');
    const lastUse = () =>
      database.prepare('select at from keywright_usage where id = ?').bind(id).first('at');
    await expect.poll(lastUse).toEqual(expect.any(Number));
  });
});
