import { H3 } from 'h3';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/h3';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';

/** An app with the guard before each of the routes. */
export function h3App(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]): H3 {
  const app = new H3();
  for (const { path, options, requireScopes: scopes, handle } of routes) {
    const middleware = [apiKeyGuard(keys, options), ...(scopes ? [requireScopes(...scopes)] : [])];
    app.all(
      path,
      (event) => {
        event.res.headers.set('Content-Type', 'application/json');
        return handle(principalOf(event));
      },
      { middleware },
    );
  }
  return app;
}
