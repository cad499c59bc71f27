import { Hono } from 'hono';
import { apiKeyGuard, requireScopes } from 'keywright/hono';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';

/** An app with the guard before each of the routes. */
export function honoApp(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]): Hono {
  const app = new Hono();
  for (const { path, options, requireScopes: scopes, handle } of routes) {
    const guarded = new Hono().use(apiKeyGuard(keys, options));
    if (scopes) guarded.use(requireScopes(...scopes));
    guarded.all('/', (c) => c.body(handle(c.get('principal')), 200, JSON_TYPE));
    app.route(path, guarded);
  }
  return app;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
