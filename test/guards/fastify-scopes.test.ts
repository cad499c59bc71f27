import Fastify, { type FastifyInstance, type FastifyPluginCallback } from 'fastify';
import { apiKeyGuard, apiKeyHook } from 'keywright/fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey } from '../support.ts';
import { answer, answers, guarded, keys } from './fastify-scope.ts';

let token: string;
let app: FastifyInstance;

beforeEach(async () => {
  ({ token } = await makeKey(keys));
  app = Fastify();
});

const open: FastifyPluginCallback = (scope, _options, done) => {
  scope.get('/health', () => 'ok');
  done();
};

describe('the scope of the guard', () => {
  it('covers the app if registered there, before or after the routes', async () => {
    app.get('/before', () => 'before');
    app.register(apiKeyGuard, { keys });
    app.get('/after', () => 'after');
    app.register(open, { prefix: '/inside' });
    for (const url of ['/before', '/after', '/inside/health']) {
      expect(await answers(app, url, token)).toEqual([401, 200]);
    }
    expect(await answers(app, '/unknown', token)).toEqual([401, 404]);
  });

  it('covers the plugin in which it is registered, and the plugins inside', async () => {
    app.register(open, { prefix: '/open' });
    app.register(guarded, { prefix: '/api' });
    app.register(open);
    app.register(
      (scope, _options, done) => {
        scope.register(guarded, { prefix: '/inner' });
        scope.register(open);
        done();
      },
      { prefix: '/outer' },
    );
    expect(await answers(app, '/api/me', token)).toEqual([401, 200]);
    expect(await answers(app, '/outer/inner/me', token)).toEqual([401, 200]);
    for (const url of ['/open/health', '/health', '/outer/health']) {
      expect(await answers(app, url, token)).toEqual([200, 200]);
    }
  });

  it('excludes another plugin with the same prefix', async () => {
    app.register(guarded, { prefix: '/api' });
    app.register(open, { prefix: '/api' });
    expect(await answers(app, '/api/me', token)).toEqual([401, 200]);
    expect(await answers(app, '/api/health', token)).toEqual([200, 200]);
  });

  it.each([{}, { prefix: '/' }])(
    'is the routes alone where it has no prefix of its own: %o',
    async (options) => {
      app.register(guarded, options);
      app.get('/open', () => 'open');
      expect(await answers(app, '/me', token)).toEqual([401, 200]);
      expect(await answers(app, '/open', token)).toEqual([200, 200]);
      expect(await answers(app, '/unknown', token)).toEqual([404, 404]);
    },
  );

  it('covers one route if its hook is set there', async () => {
    const onRequest = apiKeyHook(keys);
    app.get('/me', { onRequest }, (request) => request.principal);
    app.get('/open', () => 'open');
    expect(await answers(app, '/me', token)).toEqual([401, 200]);
    expect(await answers(app, '/open', token)).toEqual([200, 200]);
  });
});

describe('a guard inside a guard', () => {
  it('adds what it requires, on routes and on unknown paths', async () => {
    const { token: admin } = await makeKey(keys, { scopes: ['admin'] });
    app.register(
      (scope, _options, done) => {
        scope.register(guarded, { prefix: '/admin' });
        scope.register(apiKeyGuard, { keys });
        scope.get('/me', (request) => request.principal);
        scope.register(
          (inner, _inner, ready) => {
            inner.register(apiKeyGuard, { keys, scopes: ['admin'] });
            inner.get('/me', (request) => request.principal);
            ready();
          },
          { prefix: '/inner' },
        );
        done();
      },
      { prefix: '/api' },
    );
    const all = async (url: string) => [
      ...(await answers(app, url, token)),
      (await answer(app, url, { token: admin })).status,
    ];
    expect(await all('/api/me')).toEqual([401, 200, 200]);
    expect(await all('/api/x')).toEqual([401, 404, 404]);
    expect(await all('/api/admin/me')).toEqual([401, 200, 200]);
    expect(await all('/api/inner/me')).toEqual([401, 403, 200]);
    expect(await all('/api/inner/x')).toEqual([401, 403, 404]);
  });

  it('works in the same scope', async () => {
    const { token: test } = await makeKey(keys, { environment: 'test' });
    const { token: reader } = await makeKey(keys, { scopes: ['read'] });
    app.register(
      (scope, _options, done) => {
        scope.register(apiKeyGuard, { keys });
        scope.register(apiKeyGuard, { keys, scopes: ['read'] });
        scope.get('/me', (request) => request.principal);
        done();
      },
      { prefix: '/api' },
    );
    for (const [url, found] of [
      ['/api/me', 200],
      ['/api/x', 404],
    ] as const) {
      expect(await answers(app, url, token)).toEqual([401, 403]);
      expect(await answer(app, url, { token: test })).toMatchObject({ status: 401 });
      expect(await answer(app, url, { token: reader })).toMatchObject({ status: found });
    }
  });
});
