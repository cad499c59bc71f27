import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { apiKeyGuard } from 'keywright/fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKey, setUp } from '../support.ts';
import { answer, answers, guarded, keys, REFUSAL } from './fastify-scope.ts';

const NOT_FOUND = 'this host knows no such path';

let token: string;
let app: FastifyInstance;

beforeEach(async () => {
  ({ token } = await makeKey(keys));
  app = Fastify();
});

describe('an unknown path', () => {
  it('answers 401 before 404 under the prefix of the scope', async () => {
    app.register(guarded, { prefix: '/api' });
    const unknown = [
      '/api',
      '/api/',
      '/api/x',
      '/api/me/',
      '/api/x?y=/z',
      '/api?x',
      '/%61pi/x',
      '/api/%2e',
    ];
    for (const url of unknown)
      expect([url, ...(await answers(app, url, token))]).toEqual([url, 401, 404]);
    expect(await answer(app, '/api/me', { method: 'DELETE' })).toEqual({
      status: 401,
      body: REFUSAL.body,
    });
    expect(await answer(app, '/api/me', { method: 'DELETE', token })).toMatchObject({
      status: 404,
    });
  });

  it('answers 401 if two scopes have one prefix', async () => {
    app.register(guarded, { prefix: '/api' });
    app.register(
      (scope, _options, done) => {
        scope.register(apiKeyGuard, { keys });
        scope.get('/you', async () => 'you');
        done();
      },
      { prefix: '/api' },
    );
    expect(await answers(app, '/api/x', token)).toEqual([401, 404]);
    expect(await answers(app, '/api/you', token)).toEqual([401, 200]);
  });

  it('is left to the application outside the prefix', async () => {
    app.register(guarded, { prefix: '/api' });
    for (const url of [
      '/',
      '/x',
      '/apix',
      '/API/x',
      '//api/x',
      '/x/api/me',
      '/api%2Fx',
      '/api;x',
    ]) {
      expect([url, ...(await answers(app, url, token))]).toEqual([url, 404, 404]);
    }
  });

  it('answers an accepted key as it would without a guard', async () => {
    app.register(guarded, { prefix: '/api' });
    const body = JSON.stringify({
      message: 'Route GET:/api/x not found',
      error: 'Not Found',
      statusCode: 404,
    });
    expect(await answer(app, '/api/x', { token })).toEqual({ status: 404, body });
  });

  it('is guarded whatever the options of the router', async () => {
    app = Fastify({
      routerOptions: {
        caseSensitive: false,
        ignoreDuplicateSlashes: true,
        ...{ useSemicolonDelimiter: true },
      },
    });
    app.register(guarded, { prefix: '/Api' });
    for (const url of ['/API/x', '//api//x', '/api/', '/api;x', '/aPi/%58']) {
      expect([url, ...(await answers(app, url, token))]).toEqual([url, 401, 404]);
    }
    expect(await answers(app, '/apix', token)).toEqual([404, 404]);
  });

  it('is guarded under a prefix with parameters', async () => {
    app.register(guarded, { prefix: '/:org/v:version(^\\d+$)' });
    expect(await answers(app, '/acme/v1/me', token)).toEqual([401, 200]);
    expect(await answers(app, '/acme/v1/x', token)).toEqual([401, 404]);
    expect(await answers(app, '/acme', token)).toEqual([404, 404]);
  });

  it('is guarded in an absolute-form target', async () => {
    app.register(guarded, { prefix: '/api' });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    for (const [path, status] of [
      ['http://example.com/api/x', 401],
      ['HTTP://EXAMPLE.COM/api?x', 401],
      ['http://example.com/x?/api/x', 404],
    ] as const) {
      const [response] = await once(get({ host: '127.0.0.1', port, path }), 'response');
      response.resume();
      expect([path, response.statusCode]).toEqual([path, status]);
    }
    await app.close();
  });

  it('is left to the application if it is no path', async () => {
    app.register(guarded, { prefix: '/api' });
    expect(await answer(app, '/api/%zz')).toMatchObject({ status: 400 });
  });
});

describe('a route of the application for all paths', () => {
  const url = '/api/any/thing';
  const wildcard = async (scope: FastifyInstance) => {
    scope.get('/', async () => 'index');
    scope.all('/*', async () => 'wildcard');
  };
  const orders: Record<string, (scope: FastifyInstance) => Promise<void>> = {
    before: async (scope) => {
      await wildcard(scope);
      await scope.register(apiKeyGuard, { keys });
    },
    after: async (scope) => {
      await scope.register(apiKeyGuard, { keys });
      await wildcard(scope);
    },
    'in a plugin after': async (scope) => {
      scope.register(apiKeyGuard, { keys });
      scope.register(wildcard);
    },
  };

  it.each(Object.entries(orders))(
    'is kept and guarded, registered %s the guard',
    async (_order, scope) => {
      app.register(scope, { prefix: '/api' });
      for (const path of ['/api', '/api/', url]) {
        expect([path, ...(await answers(app, path, token))]).toEqual([path, 401, 200]);
      }
      expect(await answer(app, url, { token })).toEqual({ status: 200, body: 'wildcard' });
      expect(await answer(app, '/api', { token, method: 'DELETE' })).toMatchObject({ status: 404 });
    },
  );
});

describe('a not-found handler of the application', () => {
  const levels = ['the scope', 'a scope inside it', 'the scope around it', 'the app'] as const;
  const cases = levels.flatMap((level) => [
    { level, when: 'before' },
    { level, when: 'after' },
  ]);

  it.each(cases)('works if set in $level, $when the guard', async ({ level, when }) => {
    const set = (scope: FastifyInstance, here: (typeof levels)[number], now: string) => {
      if (here !== level || now !== when) return;
      scope.setNotFoundHandler((_request, reply) => reply.code(404).send(NOT_FOUND));
    };
    const setInside = (scope: FastifyInstance, now: string) =>
      scope.register((inside, _options, done) => {
        set(inside, 'a scope inside it', now);
        done();
      });
    set(app, 'the app', 'before');
    app.register(
      (around, _options, done) => {
        set(around, 'the scope around it', 'before');
        around.register(
          (scope, _inner, ready) => {
            set(scope, 'the scope', 'before');
            setInside(scope, 'before');
            scope.register(apiKeyGuard, { keys });
            set(scope, 'the scope', 'after');
            setInside(scope, 'after');
            ready();
          },
          { prefix: '/v1' },
        );
        set(around, 'the scope around it', 'after');
        done();
      },
      { prefix: '/api' },
    );
    set(app, 'the app', 'after');
    expect(await answer(app, '/api/v1/x')).toEqual({ status: 401, body: REFUSAL.body });
    expect(await answer(app, '/api/v1/x', { token })).toEqual({ status: 404, body: NOT_FOUND });
    expect(await answer(app, '/x')).toMatchObject({ status: 404 });
  });

  it.each(['the scope', 'a scope inside it'])('verifies a key once: in %s', async (level) => {
    const { keys: counted, events } = setUp();
    const key = await makeKey(counted);
    const set = (scope: FastifyInstance) => {
      scope.setNotFoundHandler((request, reply) => reply.code(404).send(request.principal.owner));
    };
    app.register(
      (scope, _options, done) => {
        scope.register(apiKeyGuard, { keys: counted });
        if (level === 'the scope') set(scope);
        scope.register((inside, _inner, ready) => {
          if (level !== 'the scope') set(inside);
          ready();
        });
        done();
      },
      { prefix: '/api' },
    );
    expect(await answer(app, '/api/x', { token: key.token })).toEqual({
      status: 404,
      body: 'org_1',
    });
    expect(events.map(({ type }) => type)).toEqual(['verified']);
  });
});
