import type { FastifyInstance } from 'fastify';
import { apiKeyGuard, requireScopes } from 'keywright/fastify';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';

/** Registers each route with the guard in a scope of its own. */
export function fastifyRoutes(
  app: FastifyInstance,
  keys: Parameters<OpenGuard>[0],
  routes: readonly GuardedRoute[],
): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, payload, done) => {
    payload.resume();
    payload.on('end', () => done(null));
  });
  for (const { path, options, requireScopes: scopes, handle } of routes) {
    app.register((scope, _options, done) => {
      scope.register(apiKeyGuard, { keys, ...options });
      scope.route({
        url: path,
        method: ['GET', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH'],
        ...(scopes ? { onRequest: requireScopes(...scopes) } : {}),
        handler: (request, reply) => reply.type('application/json').send(handle(request.principal)),
      });
      done();
    });
  }
}
