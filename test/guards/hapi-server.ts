import { once } from 'node:events';
import { type Lifecycle, server } from '@hapi/hapi';
import { apiKeyGuard, principalOf, requireScopes } from 'keywright/hapi';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';

/** hapi closes a connection on which a payload is still arriving; this host lets it arrive. */
const readOn: Lifecycle.Method = async ({ raw: { req } }, h) => {
  const isArriving = 'content-length' in req.headers && !req.readableEnded;
  if (isArriving) await once(req.resume(), 'end');
  return h.continue;
};

/** A server with the guard before each of the routes. */
export async function hapiServer(keys: Parameters<OpenGuard>[0], routes: readonly GuardedRoute[]) {
  const app = server({
    host: '127.0.0.1',
    port: 0,
    // hapi answers 400 to a cookie that is none, before anything else.
    routes: { state: { failAction: 'ignore' } },
  });
  // hapi closes a connection on which a payload is still arriving; this host lets it arrive.
  app.ext('onPreResponse', readOn);
  for (const { path, options, requireScopes: scopes, handle } of routes) {
    app.auth.scheme(path, apiKeyGuard(keys, options));
    app.auth.strategy(path, path);
    const handler: Lifecycle.Method = (request, h) =>
      h.response(handle(principalOf(request))).type('application/json');
    const ext = scopes ? { onCredentials: { method: requireScopes(...scopes) } } : {};
    for (const method of ['*', 'GET'] as const) {
      app.route({ method, path, handler, options: { auth: path, ext } });
    }
  }
  await app.start();
  const close = () => app.stop({ timeout: 0 });
  return { origin: app.info.uri, close };
}
