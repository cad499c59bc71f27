import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest } from 'node:http2';
import express, { type Request, type RequestHandler } from 'express';
import { createApiKeys, memoryStore, type Principal, tokenFormat } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/node';
import { describe, expectTypeOf, it } from 'vitest';
import { keys as typed } from './typed-keys.ts';

const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  store: memoryStore(),
});

describe('keywright/node', () => {
  it('types the principal of the request, which may be absent', () => {
    expectTypeOf<IncomingMessage['principal']>().toEqualTypeOf<Principal | undefined>();
    expectTypeOf<Request['principal']>().toEqualTypeOf<Principal | undefined>();
    expectTypeOf<Http2ServerRequest['principal']>().toEqualTypeOf<Principal | undefined>();
    expectTypeOf(principalOf).returns.toEqualTypeOf<Principal>();
  });

  it('needs no cast in node:http and node:http2', () => {
    const guard = apiKeyGuard(keys);
    createServer((req, res) => {
      guard(req, res, () => res.end(principalOf(req).owner));
    });
    createHttp2Server((req, res) => {
      guard(req, res, () => res.end(principalOf(req).owner));
    });
  });

  it('needs no cast in Express', () => {
    const app = express();
    app.use(apiKeyGuard(keys));
    app.use('/api', apiKeyGuard(keys, { environments: ['test'] }), requireScopes('read'));
    app.get('/:id', apiKeyGuard(keys), requireScopes('read', 'write'), (req, res) => {
      expectTypeOf(principalOf(req)).toEqualTypeOf<Principal>();
      expectTypeOf(req.params.id).toEqualTypeOf<string>();
      res.json({ owner: req.principal?.owner });
    });
    expectTypeOf(apiKeyGuard(keys)).toExtend<RequestHandler>();
  });

  it('refuses wrong options', () => {
    // @ts-expect-error: the option is `scopes`
    apiKeyGuard(keys, { scope: ['read'] });
    // @ts-expect-error: no environment of the format
    apiKeyGuard(keys, { environments: ['prod'] });
    // @ts-expect-error: no scope of the service
    apiKeyGuard(typed, { scopes: ['delete'] });
    // @ts-expect-error: no list
    apiKeyGuard(keys, { scopes: 'read' });
    // @ts-expect-error: no service
    apiKeyGuard({});
    // @ts-expect-error: a scope is a text
    requireScopes(['read']);
  });
});
