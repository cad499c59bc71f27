import { createApiKeys, generateToken, memoryStore, type Principal, unauthorized } from 'keywright';
import { describe, expect, it, vi } from 'vitest';
import { actor, failureOf, format, makeKey, START, setUp, wrong } from '../support.ts';

const MANAGE_URL = 'https://www.proon.ai/app/settings/api-keys';

/** A service with a key for each way in which a credential can be wrong. */
async function credentials() {
  const service = setUp({ unauthorized: { manageUrl: MANAGE_URL } });
  const { keys } = service;
  const good = await makeKey(keys, { scopes: ['read', 'write'], metadata: { plan: 'pro' } });
  const revoked = await makeKey(keys);
  const disabled = await makeKey(keys);
  await keys.revoke(revoked.record.id, { actor });
  await keys.update(disabled.record.id, { enabled: false }, { actor });
  const expired = await makeKey(keys);
  await keys.update(expired.record.id, { expiresAt: START }, { actor });
  const other = await makeKey(keys, { environment: 'test' });
  const header = `Bearer ${good.token}`;
  const wrongOnes: [reason: string, authorization: string | string[] | undefined][] = [
    ['absent', undefined],
    ['absent', []],
    ['absent', ''],
    ['repeated', [header, header]],
    ['repeated', `${header}, ${header}`],
    ['scheme', 'Basic dXNlcjpwYXNz'],
    ['scheme', good.token],
    ['malformed', 'Bearer nonsense'],
    ['malformed', `${header} `],
    ['malformed', `Bearer ${good.token.slice(0, -1)}`],
    ['malformed', `Bearer ${'a'.repeat(1_000_000)}`],
    ['malformed', `${header}\r\nX: 1`],
    ['unknown', `Bearer ${generateToken(format, 'live')}`],
    ['unknown', `Bearer ${good.token.slice(0, -1)}${good.token.endsWith('0') ? '1' : '0'}`],
    ['revoked', `Bearer ${revoked.token}`],
    ['disabled', `Bearer ${disabled.token}`],
    ['expired', `Bearer ${expired.token}`],
    ['environment', `Bearer ${other.token}`],
  ];
  return { ...service, good, header, wrongOnes };
}

describe('authenticate', () => {
  it('returns the principal of a good key', async () => {
    const { keys, good, header } = await credentials();
    const principal: Principal = {
      keyId: good.record.id,
      name: 'Zapier production',
      owner: 'org_1',
      environment: 'live',
      scopes: ['read', 'write'],
      metadata: { plan: 'pro' },
    };
    for (const authorization of [header, [header], header.replace('Bearer', 'BEARER  ')]) {
      expect(await keys.authenticate(authorization)).toEqual({ ok: true, principal });
    }
    expect(await keys.verify(good.token)).toEqual({ ok: true, principal });
  });

  it('returns a principal of its own for each call', async () => {
    const { keys, good, header } = await credentials();
    const first = await keys.authenticate(header);
    if (!first.ok) throw new Error(first.reason);
    (first.principal.scopes as string[]).push('admin');
    Object.assign(first.principal.metadata, { plan: 'free' });
    Object.assign(first.principal, { owner: 'org_2' });
    expect(await keys.verify(good.token)).toMatchObject({
      principal: { owner: 'org_1', scopes: ['read', 'write'], metadata: { plan: 'pro' } },
    });
  });

  it('answers every bad credential with the same bytes, and reports the reason to onEvent alone', async () => {
    const { keys, wrongOnes } = await credentials();
    const refusal = unauthorized({ manageUrl: MANAGE_URL });
    const reasons = new Set<string>();
    for (const [reason, authorization] of wrongOnes) {
      const result = await keys.authenticate(authorization);
      expect(result).toEqual({ ok: false, reason, refusal });
      reasons.add(reason);
    }
    expect(reasons.size).toBe(9);
    expect(refusal).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm="api"' },
      body: `{"error":"unauthorized","message":"Provide a valid API key via \`Authorization: Bearer <key>\` header. Manage keys at ${MANAGE_URL}."}`,
    });
  });

  it('answers the same bytes whatever a route requires', async () => {
    const { keys, wrongOnes } = await credentials();
    const refusal = unauthorized({ manageUrl: MANAGE_URL });
    for (const [reason, authorization] of wrongOnes) {
      const result = await keys.authenticate(authorization, { scopes: ['admin'] });
      expect(result).toEqual({ ok: false, reason, refusal });
    }
  });

  it('answers 403 to a good key that lacks a scope', async () => {
    const { keys, header } = await credentials();
    const scopes = ['read', 'admin'];
    const result = await keys.authenticate(header, { scopes });
    expect(result).toMatchObject({
      ok: false,
      reason: 'insufficient_scope',
      refusal: {
        status: 403,
        headers: {
          'WWW-Authenticate': 'Bearer realm="api", error="insufficient_scope", scope="read admin"',
        },
      },
    });
    for (const enough of [['read'], ['write', 'read'], []]) {
      expect((await keys.authenticate(header, { scopes: enough })).ok).toBe(true);
    }
  });

  it('answers 503 to well-formed tokens alone while the store fails', async () => {
    const { keys, header, store } = await credentials();
    const lookUp = vi.spyOn(store, 'findByDigest').mockRejectedValue(new Error('down'));
    expect(await keys.authenticate(header)).toMatchObject({
      reason: 'unavailable',
      refusal: { status: 503, headers: { 'Retry-After': '1' } },
    });
    expect(await keys.authenticate(header, { scopes: ['admin'] })).toMatchObject({
      reason: 'unavailable',
    });
    expect(await keys.authenticate('Bearer nonsense')).toMatchObject({ refusal: { status: 401 } });
    expect(lookUp).toHaveBeenCalledTimes(2);
  });
});

describe('a requirement', () => {
  it.each<[string, unknown]>([
    ['options', null],
    ['options', 'read'],
    ['options', ['read']],
    ['options.scope', { scope: ['read'] }],
    ['scopes', { scopes: 'read' }],
    ['scopes', { scopes: null }],
    ['scopes[0]', { scopes: ['a b'] }],
    ['environments', { environments: [] }],
    ['environments', { environments: 'live' }],
    ['environments', { environments: null }],
    ['environments', { environments: '' }],
    ['environments', { environments: 0 }],
    ['environments[0]', { environments: ['prod'] }],
    ['environments[1]', { environments: ['live', 5] }],
    ['environments[0]', { environments: new Array(1) }],
  ])('that is wrong names itself, before any look-up: %s', async (argument, requirement) => {
    const { keys, header, store, events } = await credentials();
    const lookUp = vi.spyOn(store, 'findByDigest');
    events.length = 0;
    for (const authorization of [header, undefined]) {
      const failure = await failureOf(() => keys.authenticate(authorization, wrong(requirement)));
      expect(failure).toMatchObject({ code: 'invalid_argument', argument });
    }
    expect(lookUp).not.toHaveBeenCalled();
    expect(events).toEqual([]);
  });

  it('may be left out, in whole or in part', async () => {
    const { keys, header } = await credentials();
    for (const requirement of [undefined, {}, wrong({ scopes: undefined })]) {
      expect((await keys.authenticate(header, requirement)).ok).toBe(true);
    }
  });
});

describe('a revocation', () => {
  it('holds in every service on the store at once', async () => {
    const store = memoryStore();
    const services = Array.from({ length: 3 }, () =>
      createApiKeys({ format, environments: ['live'], store }),
    );
    const [first] = services;
    const { token, record } = await makeKey(setUp({ store }).keys);
    for (const keys of services) expect((await keys.verify(token)).ok).toBe(true);
    await first?.revoke(record.id, { actor });
    for (const keys of services) {
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'revoked' });
    }
  });
});
