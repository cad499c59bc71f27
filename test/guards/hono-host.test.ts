import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/hono';
import { describe, expect, it } from 'vitest';
import { makeKey, setUp } from '../support.ts';

const { keys } = setUp();
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('the guard of keywright/hono', () => {
  it('answers with the headers that the application sets on every response', async () => {
    const app = new Hono();
    app.use(cors({ origin: 'https://example.com' }), async (c, next) => {
      c.header('X-Request-Id', '7');
      await next();
    });
    app.use(apiKeyGuard(keys)).get('/', (c) => c.text('let in'));
    const response = await app.request('/', { headers: { origin: 'https://example.com' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://example.com');
    expect(response.headers.get('x-request-id')).toBe('7');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('leaves a preflight to cors before it', async () => {
    const app = new Hono();
    app
      .use(cors())
      .use(apiKeyGuard(keys))
      .get('/', (c) => c.text('let in'));
    const headers = { Origin: 'https://example.com', 'Access-Control-Request-Method': 'GET' };
    expect((await app.request('/', { method: 'OPTIONS', headers })).status).toBe(204);
    expect((await app.request('/')).status).toBe(401);
  });

  it('reads the request of the context, not that of the server', async () => {
    const own = await makeKey(keys);
    const other = await makeKey(keys, { owner: 'org_2' });
    const app = new Hono().use(apiKeyGuard(keys)).get('/', (c) => c.text(principalOf(c).owner));
    const incoming = { rawHeaders: ['Authorization', `Bearer ${other.token}`], headers: {} };
    const response = await app.request('/', bearer(own.token), { incoming });
    expect(await response.text()).toBe('org_1');
    const twice = { rawHeaders: [...incoming.rawHeaders, 'authorization', 'x'], headers: {} };
    expect((await app.request('/', bearer(own.token), { incoming: twice })).status).toBe(401);
  });

  it('ignores bindings that only share the name', async () => {
    const { token } = await makeKey(keys);
    const app = new Hono().use(apiKeyGuard(keys)).get('/', (c) => c.text('let in'));
    for (const incoming of [null, 'queue', { rawHeaders: 'none' }]) {
      expect((await app.request('/', bearer(token), { incoming })).status).toBe(200);
      expect((await app.request('/', {}, { incoming })).status).toBe(401);
    }
  });

  it('can be used twice, and requires both', async () => {
    const { token } = await makeKey(keys, { scopes: ['read'] });
    const app = new Hono();
    app.use(apiKeyGuard(keys)).use('/admin/*', apiKeyGuard(keys, { scopes: ['admin'] }));
    app
      .get('/admin/x', (c) => c.text('let in'))
      .get('/x', requireScopes('read'), (c) => c.text('x'));
    expect((await app.request('/admin/x', bearer(token))).status).toBe(403);
    expect((await app.request('/x', bearer(token))).status).toBe(200);
  });
});
