import Router from '@koa/router';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/koa';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';
import Koa from 'koa';

/** An app with the guard before each of the routes. */
export function koaApp(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]): Koa {
  const router = new Router();
  for (const { path, options, requireScopes: scopes, handle } of routes) {
    router.all(path, apiKeyGuard(keys, options));
    if (scopes) router.all(path, requireScopes(...scopes));
    router.all(path, (ctx) => {
      ctx.type = 'json';
      ctx.body = handle(principalOf(ctx));
    });
  }
  const app = new Koa();
  app.use(router.routes());
  return app;
}
