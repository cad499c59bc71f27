import Fastify, { type FastifyInstance } from 'fastify';
import { createApiKeys, memoryStore, type Principal, tokenFormat } from 'keywright';
import { apiKeyGuard, apiKeyHook, principalOf, requireScopes } from 'keywright/fastify';
import { describe, expectTypeOf, it } from 'vitest';
import { keys as typed } from './typed-keys.ts';

const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live'],
  store: memoryStore(),
});
const app = Fastify();

describe('keywright/fastify', () => {
  it('types the principal of the request', () => {
    app.get('/', (request) => {
      expectTypeOf(request.principal).toEqualTypeOf<Principal>();
      expectTypeOf(principalOf(request)).toEqualTypeOf<Principal>();
      return request.principal.owner;
    });
  });

  it('takes the options of the guard when it is registered', () => {
    app.register(apiKeyGuard, { keys });
    app.register(apiKeyGuard, { keys, scopes: ['a'], environments: ['test'] });
    app.register(apiKeyGuard, { keys: typed });
  });

  it('makes hooks that fit where hooks go', () => {
    app.addHook('onRequest', apiKeyHook(keys));
    app.addHook('preHandler', requireScopes('a'));
    app.get(
      '/',
      { onRequest: [apiKeyHook(keys), requireScopes('a')], preHandler: requireScopes('b') },
      (request) => request.principal.owner,
    );
  });

  it('fits servers of HTTP/2 and routes with types of their own', () => {
    const http2 = Fastify({ http2: true });
    http2.register(apiKeyGuard, { keys });
    http2.get('/', { onRequest: apiKeyHook(keys) }, (request) => request.principal.owner);
    app.get<{ Querystring: { page: number }; Reply: { 200: string } }>(
      '/typed',
      { onRequest: [apiKeyHook(keys), requireScopes('a')] },
      (request, reply) => {
        reply.code(200).send(request.principal.owner);
      },
    );
    expectTypeOf(http2).not.toBeAny();
    const register = (scope: FastifyInstance) => scope.register(apiKeyGuard, { keys });
    expectTypeOf(register).not.toBeAny();
  });
});
