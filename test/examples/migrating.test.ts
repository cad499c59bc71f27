import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { keyResponseDataFromJSON } from '@unkey/api/models/components';
import { digestToken } from 'keywright';
import prefixedApiKey from 'prefixed-api-key';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type BetterAuthRow,
  keyOfBetterAuthRow,
} from '../../docs/examples/migrating/better-auth.ts';
import { keyOfPrefixedApiKeyRow } from '../../docs/examples/migrating/prefixed-api-key.ts';
import {
  keyOfSanctumRow,
  SANCTUM_TABLE,
  type SanctumRow,
} from '../../docs/examples/migrating/sanctum.ts';
import {
  keyOfSha256Row,
  SHA256_TABLE,
  type Sha256Row,
} from '../../docs/examples/migrating/sha256-table.ts';
import { timeOf } from '../../docs/examples/migrating/time-of.ts';
import {
  keyOfUnkeyRow,
  UNKEY_QUERY,
  UNKEY_TABLES,
  type UnkeyRow,
} from '../../docs/examples/migrating/unkey.ts';
import { keyOfUnkeyResponse } from '../../docs/examples/migrating/unkey-api.ts';
import { betterAuthOn } from './better-auth.ts';
import { createWithRow, insert, type Values } from './rows.ts';

/** The row that a table holds after an insert of these values, as the driver gives it. */
function stored<Row>(statement: string, values: Values): Row {
  const database = new DatabaseSync(':memory:');
  const table = createWithRow(database, statement, values);
  const row = database.prepare(`select * from "${table}"`).get();
  database.close();
  return row as Row;
}

const CREATED = Date.UTC(2026, 0, 31, 9, 30);
const EXPIRES = Date.UTC(2027, 0, 31);

describe('a key of a table of one’s own', () => {
  const token = 'acme_9f8e7d6c5b4a';
  const values = {
    ...{ id: 7, account_id: 'org_acme', label: 'Zapier', key_hash: digestToken(token) },
    ...{ key_prefix: 'acme_9f8e', scopes: 'orders:read orders:write' },
    ...{ created_at: '2026-01-31 09:30:00', expires_at: '2027-01-31T00:00:00Z' },
  };

  it('keeps its digest, its owner, its scopes and its times', () => {
    expect(keyOfSha256Row(stored<Sha256Row>(SHA256_TABLE, values), 'live')).toEqual({
      digest: digestToken(token),
      name: 'Zapier',
      owner: 'org_acme',
      environment: 'live',
      scopes: ['orders:read', 'orders:write'],
      metadata: { importedFrom: 'api_keys/7' },
      hint: 'acme_9f8e',
      enabled: true,
      createdAt: CREATED,
      expiresAt: EXPIRES,
      lastUsedAt: null,
      revokedAt: null,
    });
  });

  it('stays revoked', () => {
    const revoked = { ...values, revoked_at: '2026-01-31 09:30:00', scopes: '' };
    const key = keyOfSha256Row(stored<Sha256Row>(SHA256_TABLE, revoked), 'live');
    expect(key).toMatchObject({ revokedAt: CREATED, scopes: [] });
  });
});

describe('a token of Laravel Sanctum', () => {
  const token = '3|kZ1xW0Yq2v8sR5tU7aB9cD4eF6gH1iJ3kL5mN7oP';
  const values = {
    ...{ id: 3, tokenable_type: 'App\\Models\\User', tokenable_id: 42, name: 'mobile' },
    ...{
      token: createHash('sha256')
        .update(token.split('|')[1] ?? '')
        .digest('hex'),
    },
    ...{ abilities: '["orders:read"]', created_at: '2026-01-31 09:30:00' },
  };
  const options = { environment: 'live', allScopes: ['orders:read', 'orders:write'] };

  it('keeps the digest of what follows the bar', () => {
    const key = keyOfSanctumRow(stored<SanctumRow>(SANCTUM_TABLE, values), options);
    const [, secret = ''] = token.split('|');
    expect(key).toMatchObject({ digest: digestToken(secret), owner: '42', createdAt: CREATED });
    expect(key.scopes).toEqual(['orders:read']);
    expect(token.startsWith(key.hint ?? '-')).toBe(true);
    expect(key.expiresAt).toBeNull();
  });

  it('gets every scope of the service for a star', () => {
    const row = stored<SanctumRow>(SANCTUM_TABLE, { ...values, abilities: '["*"]' });
    expect(keyOfSanctumRow(row, options).scopes).toEqual(options.allScopes);
  });
});

describe('a key of the API-key plugin of Better Auth', async () => {
  const database = new DatabaseSync(':memory:');
  const auth = await betterAuthOn(database);
  afterAll(() => database.close());
  const imported = (id: string) => {
    const row = database.prepare('select * from apikey where id = ?').get(id);
    return keyOfBetterAuthRow(row as unknown as BetterAuthRow, 'live');
  };

  it('keeps its digest in base64url, its times, and its permissions as scopes', async () => {
    const permissions = { orders: ['read', 'write'] };
    const created = await auth.create({ name: 'Zapier', expiresIn: 30 * 86_400, permissions });
    const key = imported(created.id);
    expect(Buffer.from(key.digest, 'base64url').toString('hex')).toBe(digestToken(created.key));
    expect(key).toMatchObject({ name: 'Zapier', owner: auth.userId, enabled: true });
    expect(key.hint).toBe(created.key.slice(0, 6));
    expect(key.createdAt).toBe(created.createdAt.getTime());
    expect(key.expiresAt).toBe(created.expiresAt?.getTime());
    expect(key).toMatchObject({
      lastUsedAt: null,
      metadata: { importedFrom: `apikey/${created.id}` },
    });
    expect(key.scopes).toEqual(['orders:read', 'orders:write']);
  });

  it('keeps its last use, and stays disabled', async () => {
    const created = await auth.create({});
    expect(await auth.verify(created.key)).toMatchObject({ valid: true });
    await auth.update({ keyId: created.id, enabled: false });
    const key = imported(created.id);
    expect(key).toMatchObject({ name: created.id, enabled: false, scopes: [], expiresAt: null });
    expect(key.lastUsedAt).toBeGreaterThanOrEqual(created.createdAt.getTime());
  });
});

describe('a key of Unkey', () => {
  const token = 'acme_3ZVnQx9bLkT1mWfR';
  const options = { environment: 'live', owner: 'org_default' } as const;
  const values = {
    ...{ id: 'key_1', key_auth_id: 'ks_1', workspace_id: 'ws_1', start: 'acme_3ZV' },
    ...{ hash: createHash('sha256').update(token).digest('base64'), created_at_m: CREATED },
  };
  const read = (fields: Values): UnkeyRow => {
    const database = new DatabaseSync(':memory:');
    database.exec(UNKEY_TABLES);
    insert(database, 'identities', { id: 'id_1', external_id: 'org_acme', workspace_id: 'ws_1' });
    insert(database, 'keys', { ...values, ...fields });
    const row = database.prepare(UNKEY_QUERY).get();
    database.close();
    return row as unknown as UnkeyRow;
  };

  it('keeps its digest, as hex, its identity and its times', () => {
    const row = read({ name: 'Zapier', identity_id: 'id_1', expires: '2027-01-31 00:00:00.000' });
    expect(keyOfUnkeyRow(row, options)).toMatchObject({
      ...{ digest: digestToken(token), name: 'Zapier', owner: 'org_acme', hint: 'acme_3ZV' },
      ...{ enabled: true, createdAt: CREATED, expiresAt: EXPIRES, revokedAt: null },
    });
  });

  it('stays revoked, and disabled', () => {
    const key = keyOfUnkeyRow(read({ deleted_at_m: EXPIRES, enabled: 0 }), options);
    expect(key).toMatchObject({ revokedAt: EXPIRES, enabled: false, name: 'key_1' });
  });

  it.each([
    ['its older owner', { owner_id: 'org_old' }, 'org_old'],
    ['the owner of all others', {}, 'org_default'],
  ])('without an identity has %s', (_, fields, owner) => {
    expect(keyOfUnkeyRow(read(fields), options)).toMatchObject({ owner });
  });

  it('that the API lists and decrypts has the digest of its plaintext', () => {
    const listed = { keyId: 'key_1', start: 'acme_3ZV', enabled: true, createdAt: CREATED };
    const identity = { id: 'id_1', externalId: 'org_acme' };
    const permissions = ['orders:read'];
    const json = JSON.stringify({ ...listed, identity, permissions, plaintext: token });
    const parsed = keyResponseDataFromJSON(json);
    if (!parsed.ok) throw parsed.error;
    expect(keyOfUnkeyResponse(parsed.value, options)).toMatchObject({
      ...{ digest: digestToken(token), name: 'key_1', owner: 'org_acme', scopes: permissions },
      ...{ enabled: true, createdAt: CREATED, expiresAt: null, lastUsedAt: null },
    });
    expect(keyOfUnkeyResponse(listed, options)).toBeUndefined();
  });
});

describe('a key of prefixed-api-key', () => {
  it('keeps the digest of its long token', async () => {
    const made = await prefixedApiKey.generateAPIKey({ keyPrefix: 'acme' });
    if (made.token === undefined) throw new Error('no key was generated');
    const key = keyOfPrefixedApiKeyRow(
      { ...made, account: 'org_acme', name: 'Zapier', createdAt: new Date(CREATED) },
      { environment: 'live', keyPrefix: 'acme' },
    );
    const [, , longToken = ''] = made.token.split('_');
    expect(key).toMatchObject({ digest: digestToken(longToken), createdAt: CREATED });
    expect(made.token.startsWith(`${key.hint}_`)).toBe(true);
  });
});

describe('a time of a database', () => {
  it.each(['2026-01-31 09:30:00', '2026-01-31T09:30:00Z', '2026-01-31 10:30:00+01:00'])(
    'is UTC where it names no zone: %s',
    (text) => {
      expect(timeOf(text)).toBe(CREATED);
    },
  );

  it('is refused where it is none', () => {
    expect(() => timeOf('yesterday')).toThrow(TypeError);
  });
});
