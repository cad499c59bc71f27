import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { json } from 'node:stream/consumers';
import { createApiKeys, legacyFormat, tokenFormat } from 'keywright';
import { sqliteStore } from 'keywright/sqlite';
import prefixedApiKey from 'prefixed-api-key';
import { describe, expect, it } from 'vitest';
import { SANCTUM_TABLE } from '../../docs/examples/migrating/sanctum.ts';
import { SHA256_TABLE } from '../../docs/examples/migrating/sha256-table.ts';
import { UNKEY_TABLES } from '../../docs/examples/migrating/unkey.ts';
import { betterAuthOn } from '../examples/better-auth.ts';
import { createWithRow, type Values } from '../examples/rows.ts';
import { filesOf, writeFiles } from './files.ts';

/** A key of the old system, and what it must become. */
interface OldKey {
  readonly token: string;
  readonly owner: string;
  readonly scopes: readonly string[];
}

/** Makes the tables of a system in a database, with one key as the system itself writes it. */
type Issue = (old: DatabaseSync) => OldKey | Promise<OldKey>;

const sha256 = (text: string) => createHash('sha256').update(text);
const CREATED = '2026-01-31 09:30:00';

/** A table that other systems than those of npm have, with a row. */
function issueRow(table: string, row: Values, key: OldKey): Issue {
  return (old) => {
    createWithRow(old, table, row);
    return key;
  };
}

const issueBetterAuth: Issue = async (old) => {
  const { create, userId } = await betterAuthOn(old);
  const { key } = await create({ name: 'Zapier', permissions: { orders: ['read', 'write'] } });
  return { token: key, owner: userId, scopes: ['orders:read', 'orders:write'] };
};

const issuePrefixed: Issue = async (old) => {
  const {
    token = '',
    shortToken = '',
    longTokenHash = '',
  } = await prefixedApiKey.generateAPIKey({ keyPrefix: 'acme' });
  const table =
    'create table prefixed_keys (shortToken text, longTokenHash text, account text, name text, createdAt text)';
  const row = {
    shortToken,
    longTokenHash,
    account: 'org_acme',
    name: 'Zapier',
    createdAt: CREATED,
  };
  return issueRow(table, row, { token, owner: 'org_acme', scopes: [] })(old);
};

const hexToken = `acme_${'0a1b2c3d'.repeat(4)}`;
const sanctumSecret = 'kZ1xW0Yq2v8sR5tU7aB9cD4eF6gH1iJ3kL5mN7oP';
const unkeyToken = 'acme_3ZVnQx9bLkT1mWfRcD5eGh';

const systems: Readonly<Record<string, Issue>> = {
  'sha256-table': issueRow(
    SHA256_TABLE,
    {
      ...{ id: 7, account_id: 'org_acme', label: 'Zapier', key_prefix: 'acme_0a1b' },
      ...{ key_hash: sha256(hexToken).digest('hex'), created_at: CREATED, scopes: 'orders:read' },
    },
    { token: hexToken, owner: 'org_acme', scopes: ['orders:read'] },
  ),
  'better-auth': issueBetterAuth,
  sanctum: issueRow(
    SANCTUM_TABLE,
    {
      ...{ id: 3, tokenable_type: 'App\\Models\\Team', tokenable_id: 42, name: 'mobile' },
      ...{ token: sha256(sanctumSecret).digest('hex'), abilities: '["*"]', created_at: CREATED },
    },
    { token: `3|${sanctumSecret}`, owner: '42', scopes: ['orders:read', 'orders:write'] },
  ),
  unkey: issueRow(
    UNKEY_TABLES,
    {
      ...{ id: 'key_1', key_auth_id: 'ks_1', workspace_id: 'ws_1', start: 'acme_3ZV' },
      ...{ hash: sha256(unkeyToken).digest('base64'), created_at_m: Date.parse(CREATED) },
    },
    { token: unkeyToken, owner: 'org_default', scopes: [] },
  ),
  'prefixed-api-key': issuePrefixed,
};

/** The `legacyFormat` of the page, as its reader has it. */
function legacyOf(code: string): ReturnType<typeof legacyFormat> {
  const [, options = ''] = /legacyFormat\((\{.*?\})\);/s.exec(code) ?? [];
  const json = options
    .replace(/(\w+):/g, '"$1":')
    .replaceAll("'", '"')
    .replace(/,\s*\}/g, '}');
  return legacyFormat(JSON.parse(json) as Parameters<typeof legacyFormat>[0]);
}

describe.each(Object.entries(systems))('the guide to moving from %s', (name, issue) => {
  const page = `docs/guide/migrating/${name}.md`;

  it('shows the files of the example', async () => {
    const files = await filesOf(page);
    for (const file of [`${name}.ts`, 'time-of.ts']) {
      const example = new URL(`../../docs/examples/migrating/${file}`, import.meta.url);
      expect(files.get(file)).toBe(`// ${file}\n${await readFile(example, 'utf8')}`);
    }
  });

  it('moves a key of its real table, whose token then works', async () => {
    const folder = await writeFiles(page);
    try {
      const old = new DatabaseSync(`${folder.path}/old.db`);
      const { token, owner, scopes } = await issue(old);
      old.close();

      expect(folder.run('move.ts')).toBe('1 imported, 0 present\n');
      expect(folder.run('move.ts')).toBe('0 imported, 1 present\n');

      const database = new DatabaseSync(`${folder.path}/keywright.db`);
      const keys = createApiKeys({
        format: tokenFormat({ brand: 'prn', environments: ['live'] }),
        store: sqliteStore(database),
        legacy: [legacyOf((await filesOf(page)).get('keys.ts') ?? '')],
      });
      expect(await keys.verify(token)).toMatchObject({ ok: true, principal: { owner, scopes } });
      expect(await keys.verify(`${token.slice(0, -1)}0`)).toMatchObject({
        ok: false,
        reason: 'unknown',
      });
      await keys.close();
      database.close();
    } finally {
      await folder.remove();
    }
  });
});

describe('the guide to moving from unkey', () => {
  const page = 'docs/guide/migrating/unkey.md';

  it('shows how the API is read, as in the example', async () => {
    const example = new URL('../../docs/examples/migrating/unkey-api.ts', import.meta.url);
    const shown = (await filesOf(page)).get('unkey-api.ts');
    expect(shown).toBe(`// unkey-api.ts\n${await readFile(example, 'utf8')}`);
  });

  it('moves what the client of Unkey lists, page by page, and names what is not recoverable', async () => {
    const listed = { start: 'acme_3ZV', enabled: true, createdAt: Date.parse(CREATED) };
    const pages = [
      [{ ...listed, keyId: 'key_1', plaintext: unkeyToken, permissions: ['orders:read'] }],
      [{ ...listed, keyId: 'key_2' }],
    ];
    const asked: unknown[] = [];
    const api = createServer(async (request, response) => {
      const body = (await json(request)) as { cursor?: string };
      asked.push([request.url, request.headers.authorization, body]);
      const at = Number(body.cursor ?? 0);
      const cursor = at + 1 < pages.length ? { cursor: String(at + 1) } : {};
      const pagination = { hasMore: at + 1 < pages.length, ...cursor };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ meta: { requestId: 'req_1' }, data: pages[at], pagination }));
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    const folder = await writeFiles(page);
    try {
      const { port } = api.address() as AddressInfo;
      const printed = await folder.runBeside(['move-from-api.ts'], {
        ...{ UNKEY_URL: `http://127.0.0.1:${port}`, UNKEY_ROOT_KEY: 'root_1' },
        ...{ UNKEY_API_ID: 'api_1' },
      });
      expect(printed).toBe('key_2 is not recoverable\n1 imported, 0 present\n');
      expect(asked).toMatchObject([
        ['/v2/apis.listKeys', 'Bearer root_1', { apiId: 'api_1', decrypt: true }],
        ['/v2/apis.listKeys', 'Bearer root_1', { apiId: 'api_1', decrypt: true, cursor: '1' }],
      ]);
    } finally {
      api.close();
      await folder.remove();
    }
  });
});
