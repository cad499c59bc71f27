import { createApiKeys, memoryStore, type Principal, tokenFormat } from 'keywright';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/fetch';
import { describe, expectTypeOf, it } from 'vitest';
import { type Caller, keys as typed } from './typed-keys.ts';

const keys = createApiKeys({
  format: tokenFormat({ brand: 'prn', environments: ['live', 'test'] }),
  environments: ['live'],
  store: memoryStore(),
});

/** As a framework has them. */
class NextRequest extends Request {
  readonly nextUrl = new URL('https://example.com');
}

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

describe('keywright/fetch', () => {
  it('types the principal with the environments of the format', () => {
    const handler = apiKeyGuard(keys, (request, principal) => {
      expectTypeOf(request).toEqualTypeOf<Request>();
      expectTypeOf(principal).toEqualTypeOf<Principal<'live' | 'test'>>();
      return Response.json(principal.owner);
    });
    expectTypeOf(handler).parameters.toEqualTypeOf<[request: Request]>();
    expectTypeOf(handler).returns.resolves.toEqualTypeOf<Response>();
    expectTypeOf(principalOf(new Request('https://example.com'))).toEqualTypeOf<Principal>();
  });

  it('keeps the types of the request and of what the framework gives beside it', () => {
    const GET = apiKeyGuard(keys, async (request: NextRequest, principal, context: Context) => {
      const { id } = await context.params;
      return Response.json([id, request.nextUrl.pathname, principal.environment]);
    });
    expectTypeOf(GET).parameters.toEqualTypeOf<[request: NextRequest, context: Context]>();
  });

  it('types the handler behind requireScopes', () => {
    const read = requireScopes('read');
    const handler = apiKeyGuard(
      keys,
      read((request: NextRequest, principal, context: Context) => {
        expectTypeOf(principal.owner).toEqualTypeOf<string>();
        expectTypeOf(request).toEqualTypeOf<NextRequest>();
        expectTypeOf(context).toEqualTypeOf<Context>();
        return new Response();
      }),
    );
    expectTypeOf(handler).parameters.toEqualTypeOf<[request: NextRequest, context: Context]>();
    apiKeyGuard(
      keys,
      read((_request, principal) => Response.json(principal.owner)),
    );
    apiKeyGuard(
      keys,
      read((_request: Request, principal: Principal<'live' | 'test'>) =>
        Response.json(principal.environment),
      ),
    );
  });

  it('types the principal with the scopes and the metadata of the service', () => {
    const read = requireScopes('read');
    apiKeyGuard(
      typed,
      read((_request, principal: Caller) => {
        expectTypeOf(principal.metadata.plan).toEqualTypeOf<'free' | 'team'>();
        return new Response();
      }),
    );
    apiKeyGuard(typed, (_request, principal) => {
      expectTypeOf(principal).toEqualTypeOf<Caller>();
      return new Response();
    });
    // @ts-expect-error: no scope of the service
    apiKeyGuard(typed, () => new Response(), { scopes: ['delete'] });
  });

  it('refuses wrong handlers', () => {
    // @ts-expect-error: no handler
    apiKeyGuard(keys);
    // @ts-expect-error: no answer
    apiKeyGuard(keys, () => 'text');
    // @ts-expect-error: an environment that the format does not have
    apiKeyGuard(keys, (_request, principal: Principal<'prod'>) => Response.json(principal));
    // @ts-expect-error: the framework's context is missing
    void apiKeyGuard(keys, (_r, _p, _context: Context) => new Response())(new Request('https://a'));
  });
});
