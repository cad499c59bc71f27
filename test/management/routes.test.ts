import { type ApiKeys, createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BASE, mount, SESSIONS } from './support.ts';

const newKey = { name: 'Zapier production', environment: 'live' };

describe('the management API', () => {
  it('says who is signed in and what they may do', async () => {
    const { call } = await mount({
      brand: { name: 'ProoN', apiUrl: { live: 'https://api.proon.ai/v1' } },
      texts: { title: 'Keys' },
      signInUrl: '/sign-in',
      defaultExpiryMs: 90 * 86_400_000,
    });
    const { status, json } = await call('GET', '/api/session');
    expect(status).toBe(200);
    expect(json).toEqual({
      ...SESSIONS.ada,
      environments: ['live', 'test'],
      quota: 100,
      usageFlushMs: 10_000,
      requiresMetadata: false,
      defaultExpiryMs: 90 * 86_400_000,
      signInUrl: '/sign-in',
      brand: {
        name: 'ProoN',
        variable: 'PROON_API_KEY',
        apiUrls: { live: 'https://api.proon.ai/v1' },
      },
      texts: { title: 'Keys' },
      tokenPattern: '\\bprn_(?:live|test)_[0-9A-Za-z]{55}\\b',
    });
  });

  it('gives the name of the owner, one address for all environments, and what metadata needs', async () => {
    const keys: unknown = createApiKeys({
      format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
      store: memoryStore(),
      environments: ['live', 'test'],
      metadata: z.object({ team: z.string() }),
    });
    const { call } = await mount({
      keys: keys as ApiKeys,
      brand: { name: 'ProoN', apiUrl: 'https://api.proon.ai/v1' },
      authorize: () => ({ actor: { id: 'user_ada' }, owner: 'org_1', ownerName: 'Acme Inc.' }),
    });
    const url = 'https://api.proon.ai/v1';
    expect((await call('GET', '/api/session')).json).toMatchObject({
      ownerName: 'Acme Inc.',
      requiresMetadata: true,
      brand: { apiUrls: { live: url, test: url } },
    });
  });

  it('gives the time of the service with a key', async () => {
    const { call, time } = await mount();
    const { id } = (await call('POST', '/api/keys', { json: newKey })).json.record;
    time.now += 5000;
    expect((await call('GET', `/api/keys/${id}`)).json).toMatchObject({
      record: { id, createdAt: time.now - 5000 },
      now: time.now,
    });
  });

  it('takes what is left out of a session for nothing', async () => {
    const { call } = await mount();
    const { json } = await call('GET', '/api/session', { as: 'newcomer' });
    expect(json).toMatchObject({ actions: [], scopes: [] });
  });

  it('creates a key that works, and shows it with its state', async () => {
    const { call, keys, time } = await mount();
    const { status, json, headers } = await call('POST', '/api/keys', {
      json: {
        ...newKey,
        scopes: ['orders:read'],
        expiresAt: time.now + 1000,
        metadata: { team: { name: 'operations' } },
        reason: 'for the reports',
      },
    });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json.record).toMatchObject({
      name: 'Zapier production',
      owner: 'org_1',
      environment: 'live',
      scopes: ['orders:read'],
      metadata: { team: { name: 'operations' } },
      createdBy: SESSIONS.ada?.actor,
      state: 'active',
    });
    expect(await keys.verify(json.key)).toMatchObject({ ok: true });
    time.now += 1000;
    const later = await call('GET', `/api/keys/${json.record.id}`);
    expect(later.json.record).toEqual({ ...json.record, state: 'expired' });
    const { activity } = await call('GET', '/api/activity');
    expect(activity.items).toMatchObject([
      { action: 'key.created', actor: SESSIONS.ada?.actor, reason: 'for the reports' },
    ]);
  });

  it('lists keys in pages, newest first, and filters them', async () => {
    const { call, keys, time } = await mount();
    for (const name of ['One', 'Two', 'Three']) {
      time.now += 1000;
      await call('POST', '/api/keys', { json: { ...newKey, name } });
    }
    const first = await call('GET', '/api/keys?limit=2');
    expect(first.json.items.map(({ name }) => name)).toEqual(['Three', 'Two']);
    const rest = await call('GET', `/api/keys?limit=2&cursor=${first.json.cursor}`);
    expect(rest.json.items.map(({ name }) => name)).toEqual(['One']);
    expect(rest.json).not.toHaveProperty('cursor');

    const [three, two, one] = [...first.json.items, ...rest.json.items];
    await keys.update(`${two?.id}`, { expiresAt: time.now + 5000 }, { actor: { id: 'x' } });
    await keys.revoke(`${three?.id}`, { actor: { id: 'x' } });
    const listed = async (query: string) => {
      const { json } = await call('GET', `/api/keys?${query}`);
      return json.items.map(({ name, state }) => `${name} ${state}`);
    };
    expect(await listed('state=revoked')).toEqual(['Three revoked']);
    expect(await listed('text=tWO')).toEqual(['Two active']);
    expect(await listed('environment=test')).toEqual([]);
    expect(await listed(`expiresBefore=${time.now + 5001}`)).toEqual(['Two active']);
    expect(await listed(`unusedSince=${(one?.createdAt ?? 0) + 1}`)).toEqual(['One active']);
    expect(await listed('environment=live&state=active&text=one')).toEqual(['One active']);
  });

  it('renames and edits a key', async () => {
    const { call } = await mount();
    const { record } = (await call('POST', '/api/keys', { json: newKey })).json;
    const change = { name: 'Zapier', scopes: ['orders:read'], enabled: false, expiresAt: null };
    const { status, json } = await call('PATCH', `/api/keys/${record.id}`, {
      json: { ...change, metadata: { a: 1 }, reason: 'tidying up' },
    });
    expect(status).toBe(200);
    expect(json.record).toEqual({
      ...record,
      ...{ name: 'Zapier', scopes: ['orders:read'], enabled: false, metadata: { a: 1 } },
      state: 'disabled',
    });
    const { activity } = await call('GET', '/api/activity?action=key.updated');
    expect(activity.items).toMatchObject([{ reason: 'tidying up', change }]);
  });

  it('rotates a key, with a grace and an expiry', async () => {
    const { call, keys, time } = await mount();
    const first = (await call('POST', '/api/keys', { json: newKey })).json;
    const { status, json } = await call('POST', `/api/keys/${first.record.id}/rotate`, {
      json: { graceMs: 1000, expiresAt: time.now + 9000, reason: 'yearly' },
    });
    expect(status).toBe(201);
    expect(json.record).toMatchObject({ replaces: first.record.id, expiresAt: time.now + 9000 });
    expect(json.replaced).toMatchObject({
      id: first.record.id,
      replacedBy: json.record.id,
      state: 'active',
    });
    expect(await keys.verify(first.key)).toMatchObject({ ok: true });
    expect(await keys.verify(json.key)).toMatchObject({ ok: true });
    time.now += 1000;
    expect(await keys.verify(first.key)).toMatchObject({ ok: false });
  });

  it('revokes a key, and then all of them', async () => {
    const { call, keys } = await mount();
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map(async () => (await call('POST', '/api/keys', { json: newKey })).json),
    );
    const revoked = await call('POST', `/api/keys/${one?.record.id}/revoke`, {
      json: { reason: 'lost laptop' },
    });
    expect(revoked).toMatchObject({ status: 200, json: { record: { state: 'revoked' } } });
    expect(await keys.verify(`${one?.key}`)).toMatchObject({ reason: 'revoked' });
    expect(await keys.verify(`${two?.key}`)).toMatchObject({ ok: true });
    expect((await call('POST', '/api/keys/revoke-all')).json).toEqual({ revoked: 2 });
    for (const { key } of [two, three].filter((made) => made !== undefined)) {
      expect(await keys.verify(key)).toMatchObject({ reason: 'revoked' });
    }
  });

  it('lists activity in pages and filters it', async () => {
    const { call, time } = await mount();
    const { record } = (await call('POST', '/api/keys', { json: newKey })).json;
    time.now += 1000;
    await call('POST', '/api/keys', { json: newKey, as: 'grace' });
    await call('POST', `/api/keys/${record.id}/revoke`);
    const seen = async (query: string) => {
      const { activity } = await call('GET', `/api/activity?${query}`);
      return activity.items.map(({ sequence }) => sequence);
    };
    expect(await seen('')).toEqual([3, 2, 1]);
    expect(await seen(`keyId=${record.id}`)).toEqual([3, 1]);
    expect(await seen('action=key.created&limit=1')).toEqual([2]);
    expect(await seen('action=key.created&limit=1&cursor=2')).toEqual([1]);
    expect(await seen('actorId=user_grace')).toEqual([2]);
    expect(await seen(`from=${time.now}`)).toEqual([3, 2]);
    expect(await seen(`to=${time.now}`)).toEqual([1]);
  });

  it('refuses what the state of a key forbids', async () => {
    const { call, time } = await mount();
    const { record } = (await call('POST', '/api/keys', { json: newKey })).json;
    const rotate = `/api/keys/${record.id}/rotate`;
    expect(await call('POST', rotate)).toMatchObject({ status: 201 });
    expect(await call('POST', rotate)).toMatchObject({ json: { error: 'key_replaced' } });
    await call('POST', `/api/keys/${record.id}/revoke`);
    expect(await call('POST', rotate)).toMatchObject({
      status: 409,
      json: { error: 'key_revoked' },
    });
    expect(await call('PATCH', `/api/keys/${record.id}`, { json: { name: 'x' } })).toMatchObject({
      status: 409,
      json: { error: 'key_revoked' },
    });
    const soon = { ...newKey, expiresAt: time.now + 1 };
    const old = (await call('POST', '/api/keys', { json: soon })).json;
    time.now += 1;
    expect(await call('POST', `/api/keys/${old.record.id}/rotate`)).toMatchObject({
      status: 409,
      json: { error: 'key_expired' },
    });
  });

  it('describes every one of its operations, and no other', async () => {
    const { call, described, document } = await mount();
    const { record } = (await call('POST', '/api/keys', { json: newKey })).json;
    for (const path of [
      '/session',
      '/keys',
      `/keys/${record.id}`,
      '/activity',
      '/activity/export',
    ]) {
      expect(await call('GET', `/api${path}`)).toMatchObject({ status: 200 });
    }
    await call('PATCH', `/api/keys/${record.id}`, { json: { name: 'x' } });
    await call('POST', `/api/keys/${record.id}/rotate`);
    await call('POST', `/api/keys/${record.id}/revoke`);
    await call('POST', '/api/keys/revoke-all');
    expect([...described.succeeded].sort()).toEqual(described.operations.sort());
    expect(document.servers).toEqual([{ url: BASE }]);
  });
});
