import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
import type { Principal } from 'keywright';
import {
  type ApiKeyContext,
  apiKeyGuard,
  principalOf,
  requireScopes,
  responseMeta,
  returnRefusals,
} from 'keywright/trpc';
import { describe, expectTypeOf, it } from 'vitest';
import { type Caller, keys } from './typed-keys.ts';

const t = initTRPC.context<ApiKeyContext & { db: string }>().create();

describe('keywright/trpc', () => {
  it('adds the principal to the context, and leaves the rest of it', () => {
    const guarded = t.procedure.use(apiKeyGuard(keys)).use(requireScopes('read'));
    guarded.query(({ ctx }) => {
      expectTypeOf(ctx.principal).toEqualTypeOf<Caller>();
      expectTypeOf(ctx.db).toEqualTypeOf<string>();
      expectTypeOf(principalOf(ctx)).toEqualTypeOf<Principal>();
    });
    t.procedure.query(({ ctx }) => {
      // @ts-expect-error: no guard stands before it
      return ctx.principal;
    });
  });

  it('asks for the request in the context', () => {
    const bare = initTRPC.context<{ db: string }>().create();
    // @ts-expect-error: there is no `req`
    bare.procedure.use(apiKeyGuard(keys));
  });

  it('fits the adapters', () => {
    const router = t.router({ me: t.procedure.use(apiKeyGuard(keys)).query(() => 'me') });
    createHTTPServer({
      router,
      createContext: ({ req }) => ({ req, db: 'a' }),
      responseMeta,
    });
    const handle = returnRefusals((req: Request) =>
      fetchRequestHandler({
        endpoint: '/',
        router,
        req,
        createContext: () => ({ req, db: 'a' }),
        responseMeta,
      }),
    );
    expectTypeOf(handle).toEqualTypeOf<(request: Request) => Promise<Response>>();
  });
});
