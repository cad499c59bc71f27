import type { Principal } from 'keywright';
import { apiKeyGuard, requireScopes } from 'keywright/fetch';
import { type GuardedRoute, type OpenGuard, testGuard } from 'keywright/testing';
import { describe, it } from 'vitest';
import { bridge } from './bridge.ts';
import { serve } from './server.ts';

const runner = { describe, it };

function handlerOf(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const handlers = new Map(
    routes.map(({ path, options, requireScopes: scopes, handle }) => {
      const answer = (_request: Request, principal: Principal) =>
        new Response(handle(principal), { headers: { 'Content-Type': 'application/json' } });
      const handler = scopes ? requireScopes(...scopes)(answer) : answer;
      return [path, apiKeyGuard(keys, handler, options)];
    }),
  );
  return async (request: Request): Promise<Response> => {
    const handler = handlers.get(new URL(request.url).pathname);
    return handler ? handler(request) : new Response(null, { status: 404 });
  };
}

describe('the guard of keywright/fetch, called', () => {
  testGuard((keys, routes) => ({ fetch: handlerOf(keys, routes) }), runner);
});

describe('the guard of keywright/fetch, served', () => {
  testGuard((keys, routes) => serve(bridge(handlerOf(keys, routes))), runner);
});
