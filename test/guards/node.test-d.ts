import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest } from 'node:http2';
import express, { type Request, type RequestHandler } from 'express';
import { createApiKeys, memoryStore, type Principal, tokenFormat } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/node';
import { describe, expectTypeOf, it } from 'vitest';

const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live'],
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
});
