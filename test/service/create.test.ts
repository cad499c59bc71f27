import { digestToken, parseToken } from 'keywright';
import { describe, expect, it } from 'vitest';
import { actor, contentsOf, format, makeKey, newKey, START, setUp } from '../support.ts';

describe('create', () => {
  it('returns the token once, and a record of everything else', async () => {
    const { keys } = setUp();
    const { secret, record } = await keys.create({
      name: 'Zapier production',
      owner: 'org_1',
      environment: 'test',
      actor,
      scopes: ['read', 'write', 'read'],
      expiresAt: START + 1000,
      metadata: { plan: 'pro', seats: [1, { extra: null }] },
      reason: 'new integration',
    });
    const token = secret.reveal();
    expect(parseToken(format, token)?.environment).toBe('test');
    expect(record).toEqual({
      id: expect.stringMatching(/^key_[0-9A-Za-z]{23}$/),
      name: 'Zapier production',
      owner: 'org_1',
      environment: 'test',
      hint: token.slice(0, 13),
      scopes: ['read', 'write'],
      metadata: { plan: 'pro', seats: [1, { extra: null }] },
      enabled: true,
      createdAt: START,
      createdBy: actor,
      expiresAt: START + 1000,
    });
    expect(await keys.get(record.id)).toEqual(record);
  });

  it('requires a name, an owner, an environment and an actor', async () => {
    const { keys } = setUp();
    const { record } = await keys.create(newKey);
    expect(record).toMatchObject({ scopes: [], metadata: {}, enabled: true });
    expect('expiresAt' in record).toBe(false);
    expect('lastUsedAt' in record).toBe(false);
  });

  it('keeps the digest of the token, and nothing of it beyond the hint', async () => {
    const { keys, store } = setUp();
    const { token, record } = await makeKey(keys);
    const stored = await store.find({ id: record.id });
    expect(stored).toEqual({ ...record, digest: digestToken(token) });
    expect(JSON.stringify(stored)).not.toContain(token.slice(13, 21));
  });

  it('leaves one event', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys, { reason: 'new integration' });
    const { events } = await contentsOf(store);
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        sequence: 1,
        at: START,
        action: 'key.created',
        owner: 'org_1',
        keyId: record.id,
        keyName: 'Zapier production',
        actor,
        reason: 'new integration',
        salt: expect.any(String),
      },
    ]);
  });

  it('draws an id and a token for each key', async () => {
    const { keys } = setUp();
    const made = await Promise.all(Array.from({ length: 200 }, () => makeKey(keys)));
    expect(new Set(made.map(({ token }) => token)).size).toBe(200);
    expect(new Set(made.map(({ record }) => record.id)).size).toBe(200);
  });

  it('copies its input and its result', async () => {
    const { keys, store } = setUp();
    const given = {
      ...newKey,
      scopes: ['read'],
      metadata: { list: [1] },
      actor: { id: 'user_1', teams: ['a'] },
    };
    const { record } = await keys.create(given);
    const before = structuredClone(record);
    given.scopes.push('admin');
    given.metadata.list.push(2);
    given.actor.teams.push('b');
    expect(await keys.get(record.id)).toEqual(before);
    (record.scopes as string[]).push('admin');
    (record.metadata.list as number[]).push(3);
    (record.createdBy.teams as string[]).push('c');
    expect(await keys.get(record.id)).toEqual(before);
    expect((await contentsOf(store)).events[0]?.actor).toEqual({ id: 'user_1', teams: ['a'] });
  });
});

describe('create, at its limits', () => {
  const created = async (fields: Partial<Parameters<typeof makeKey>[1]>) => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys, fields);
    const result = await keys.verify(token);
    return { record, principal: result.ok ? result.principal : undefined };
  };

  it.each([
    'x',
    'x'.repeat(100),
    '😀'.repeat(100),
    ' spaces around ',
    '__proto__',
    'constructor',
    '<script>alert(1)</script>',
    "'; DROP TABLE keys; --",
    'é e\u0301',
    '\u202egnirtS',
  ])('accepts the name %j, verbatim', async (name) => {
    const { record, principal } = await created({ name });
    expect(record.name).toBe(name);
    expect(principal?.name).toBe(name);
  });

  it.each(['o', 'x'.repeat(255), '__proto__', 'toString', 'org 1', 'é'])(
    'accepts the owner %j, verbatim',
    async (owner) => {
      const { record, principal } = await created({ owner });
      expect([record.owner, principal?.owner]).toEqual([owner, owner]);
    },
  );

  it('scopes of every character that RFC 6750 allows', async () => {
    const scopes = ['__proto__', 'a'.repeat(100), '!', '~', "#$%&'()*+,-./:;<=>?@[]^_`{|}~"];
    const { record, principal } = await created({ scopes });
    expect([record.scopes, principal?.scopes]).toEqual([scopes, scopes]);
    const many = Array.from({ length: 100 }, (_, index) => `scope:${index}`);
    expect((await created({ scopes: many })).record.scopes).toEqual(many);
  });

  it('accepts metadata and actors with names that are special in JavaScript, as plain data', async () => {
    const text = '{"__proto__":{"admin":true},"constructor":null,"toString":[]}';
    const { record, principal } = await created({ metadata: JSON.parse(text) });
    expect(JSON.stringify(record.metadata)).toBe(text);
    expect(JSON.stringify(principal?.metadata)).toBe(text);
    expect(record.metadata.admin).toBeUndefined();
    const acting = '{"__proto__":{"id":"root"},"id":"user_1"}';
    const { record: other } = await created({ actor: JSON.parse(acting) });
    expect(JSON.parse(JSON.stringify(other.createdBy))).toEqual(JSON.parse(acting));
    expect(other.createdBy.id).toBe('user_1');
  });

  it('accepts 4,096 bytes of metadata', async () => {
    const note = 'x'.repeat(4096 - '{"note":""}'.length);
    expect((await created({ metadata: { note } })).record.metadata).toEqual({ note });
  });

  it('accepts a near or far expiry, as milliseconds or a Date', async () => {
    const date = new Date(START + 1);
    expect((await created({ expiresAt: date })).record.expiresAt).toBe(START + 1);
    expect((await created({ expiresAt: START + 1 })).principal).toBeDefined();
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    expect((await created({ expiresAt: last })).principal).toBeDefined();
  });
});

describe('owners', () => {
  it('compares owners byte for byte', async () => {
    const { keys } = setUp();
    const owners = ['org', 'Org', 'org ', ' org', 'örg', 'o\u0308rg'];
    for (const owner of owners) await makeKey(keys, { owner });
    for (const owner of owners) {
      const { items } = await keys.list({ owner });
      expect(items.map((record) => record.owner)).toEqual([owner]);
    }
  });
});
