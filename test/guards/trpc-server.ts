import { getRequestListener } from '@hono/node-server';
import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Exchange, GuardedRoute, OpenGuard } from 'keywright/testing';
import {
  type ApiKeyContext,
  apiKeyGuard,
  requireScopes,
  responseMeta,
  returnRefusals,
} from 'keywright/trpc';
import { socketExchange } from '../../src/testing/guard/socket.ts';
import { serve } from './server.ts';

const t = initTRPC.context<ApiKeyContext>().create();

/** A router with a query for each of the routes. */
function trpcRouter(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const queries = routes.map(({ path, options, requireScopes: scopes, handle }) => {
    const guarded = t.procedure.use(apiKeyGuard(keys, options));
    const procedure = scopes ? guarded.use(requireScopes(...scopes)) : guarded;
    const query = procedure.query(({ ctx }) => JSON.parse(handle(ctx.principal)) as unknown);
    return [path.slice(1), query] as const;
  });
  return t.router(Object.fromEntries(queries));
}

/** tRPC's adapter for Web standards, which answers refusals byte for byte. */
export function trpcHandler(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const router = trpcRouter(keys, routes);
  return returnRefusals((request) => {
    // Queries are for GET alone, and of no HEAD or preflight does tRPC ask a procedure.
    const req = new Request(request.url, { headers: request.headers });
    const createContext = () => ({ req: request });
    return fetchRequestHandler({ endpoint: '', router, req, createContext, responseMeta });
  });
}

/** The same, on a server of Node. */
export async function serveTrpc(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const { origin, close } = await serve(getRequestListener(trpcHandler(keys, routes)));
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
