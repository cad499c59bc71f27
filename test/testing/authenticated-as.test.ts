import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiKeyGuard } from 'keywright/fetch';
import { apiKeyGuard as nodeGuard, principalOf } from 'keywright/node';
import { authenticatedAs, testApiKeys } from 'keywright/testing';
import { describe, expect, it } from 'vitest';

describe('authenticatedAs', () => {
  const principal = {
    keyId: 'key_1',
    name: 'Zapier production',
    owner: 'org_7',
    environment: 'eu_prod',
    scopes: ['orders:read'],
    metadata: { plan: 'team' },
  };

  it('authenticates a request as the principal', async () => {
    const { keys, authorization } = authenticatedAs(principal);
    const handler = apiKeyGuard(keys, (_request, caller) => Response.json(caller));
    const request = new Request('https://api.example.com/', { headers: { authorization } });
    expect(await (await handler(request)).json()).toEqual(principal);
  });

  it('authenticates a request through a socket', async () => {
    const { keys, authorization } = authenticatedAs({ owner: 'org_7' });
    const guard = nodeGuard(keys);
    const server = createServer((req, res) =>
      guard(req, res, () => res.end(principalOf(req).owner)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization } });
    expect(await response.text()).toBe('org_7');
    server.close();
  });

  it('refuses every other credential, and a scope that the principal lacks', async () => {
    const { keys, authorization } = authenticatedAs(principal);
    for (const wrong of [undefined, 'Bearer x', `${authorization}x`, authorization.slice(0, -1)]) {
      expect(await keys.authenticate(wrong)).toMatchObject({ ok: false, refusal: { status: 401 } });
    }
    const other = authenticatedAs(principal).authorization;
    expect(await keys.authenticate(other)).toMatchObject({ ok: false, reason: 'unknown' });
    expect(await keys.authenticate(authorization, { scopes: ['orders:write'] })).toMatchObject({
      ok: false,
      refusal: { status: 403 },
    });
  });

  it('is somebody without being told who', async () => {
    const { keys, token } = authenticatedAs();
    expect(await keys.verify(token)).toMatchObject({ ok: true, principal: { owner: 'org_1' } });
  });

  it('says that it keeps nothing', async () => {
    const { keys } = authenticatedAs();
    await expect(keys.list({ owner: 'org_1' })).rejects.toThrow('testApiKeys()');
  });
});

describe('testApiKeys', () => {
  it('is a whole service with a first key', async () => {
    const { keys, authorization, record, token } = await testApiKeys({ scopes: ['orders:read'] });
    expect(authorization).toBe(`Bearer ${token}`);
    expect(await keys.authenticate(authorization)).toMatchObject({
      ok: true,
      principal: { keyId: record.id, owner: 'org_1', scopes: ['orders:read'] },
    });
    await keys.revoke(record.id, { actor: { id: 'user_1' } });
    expect(await keys.authenticate(authorization)).toMatchObject({ ok: false, reason: 'revoked' });
    expect((await keys.activity({ owner: 'org_1' })).items).toHaveLength(2);
  });

  it('has a clock that the test moves', async () => {
    const { keys, clock, token, record } = await testApiKeys();
    await keys.update(record.id, { expiresAt: clock.now() + 1 }, { actor: { id: 'user_1' } });
    expect((await keys.verify(token)).ok).toBe(true);
    clock.advance(1);
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });
});
