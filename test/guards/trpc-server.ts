import { initTRPC } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import type { Exchange, GuardedRoute, OpenGuard } from 'keywright/testing';
import {
  type ApiKeyContext,
  apiKeyGuard,
  requireScopes,
  responseMeta,
  sendRefusals,
} from 'keywright/trpc';
import { socketExchange } from '../../src/testing/guard/socket.ts';
import { serve } from './server.ts';

const t = initTRPC.context<ApiKeyContext>().create();

/** A router with a query for each of the routes. */
export function trpcRouter(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const queries = routes.map(({ path, options, requireScopes: scopes, handle }) => {
    const guarded = t.procedure.use(apiKeyGuard(keys, options));
    const procedure = scopes ? guarded.use(requireScopes(...scopes)) : guarded;
    const query = procedure.query(({ ctx }) => JSON.parse(handle(ctx.principal)) as unknown);
    return [path.slice(1), query] as const;
  });
  return t.router(Object.fromEntries(queries));
}

/** The standalone server of tRPC, which answers refusals byte for byte. */
export async function serveTrpc(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const handler = createHTTPHandler({
    router: trpcRouter(keys, routes),
    createContext: ({ req }) => ({ req }),
    responseMeta,
    middleware: (req, res, next) => {
      // Queries are for GET alone, and of no HEAD or preflight does tRPC ask a procedure.
      req.method = 'GET';
      sendRefusals(req, res, next);
    },
  });
  const { origin, close } = await serve(handler);
  return { exchange: unwrapped(socketExchange(origin)), close };
}

/** The data of a result, which tRPC puts into an envelope. */
export function unwrapped(exchange: Exchange): Exchange {
  return async (requests) =>
    (await exchange(requests)).map((response) => {
      if (response.status !== 200 || response.body === '') return response;
      const { result } = JSON.parse(response.body) as { result: { data: unknown } };
      return { ...response, body: JSON.stringify(result.data) };
    });
}
