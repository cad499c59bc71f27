import { type RouteOptions, type Server, server } from '@hapi/hapi';
import { unauthorized } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/hapi';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey, setUp } from '../support.ts';

const { keys } = setUp();

let app: Server;
beforeEach(() => {
  app = server();
  app.auth.scheme('api-key', apiKeyGuard(keys));
  app.auth.strategy('api-key', 'api-key');
});

async function ask(options: RouteOptions, token?: string) {
  app.route({ method: 'GET', path: '/', options, handler: (request) => principalOf(request) });
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return app.inject({ url: '/', headers });
}

describe('the scheme of keywright/hapi', () => {
  it.each(['required', 'try', 'optional'] as const)(
    'refuses in the mode %s, what it is asked before others',
    async (mode) => {
      app.auth.scheme('other', () => ({
        authenticate: (_request, h) => h.authenticated({ credentials: { user: {} } }),
      }));
      app.auth.strategy('other', 'other');
      const { statusCode, payload } = await ask({
        auth: { mode, strategies: ['api-key', 'other'] },
      });
      expect(statusCode).toBe(401);
      expect(payload).toBe(unauthorized().body);
    },
  );

  it("sets the scopes that hapi's own access reads", async () => {
    const { token } = await makeKey(keys, { scopes: ['read'] });
    const auth = (scope: string) => ({ strategy: 'api-key', access: { scope } });
    expect((await ask({ auth: auth('read') }, token)).statusCode).toBe(200);
  });

  it('leaves the refusals of hapi to hapi', async () => {
    const { token } = await makeKey(keys, { scopes: ['read'] });
    const { statusCode, payload } = await ask(
      { auth: { strategy: 'api-key', access: { scope: 'write' } } },
      token,
    );
    expect(statusCode).toBe(403);
    expect(payload).toContain('Insufficient scope');
  });

  it('requires scopes in pre too', async () => {
    const { token } = await makeKey(keys);
    const pre = [{ method: requireScopes('read') }];
    const { statusCode, headers } = await ask({ auth: 'api-key', pre }, token);
    expect(statusCode).toBe(403);
    expect(headers['www-authenticate']).toContain('insufficient_scope');
  });

  it('sends Deprecation on errors of the handler too', async () => {
    const { token, record } = await makeKey(keys);
    await keys.rotate(record.id, { actor: { id: 'user_1' } });
    app.route({
      method: 'GET',
      path: '/broken',
      options: { auth: 'api-key' },
      handler: () => {
        throw new Error('broken');
      },
    });
    const headers = { authorization: `Bearer ${token}` };
    const response = await app.inject({ url: '/broken', headers });
    expect(response.statusCode).toBe(500);
    expect(response.headers.deprecation).toMatch(/^@\d+$/);
  });
});
