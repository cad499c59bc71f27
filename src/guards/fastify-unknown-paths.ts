import type { FastifyInstance } from 'fastify';

/** The name of the route constraint. */
const CONSTRAINT = 'keywright';

/** A route for paths without a route. It yields if the application registers the same one. */
interface Fallback {
  /** Two scopes with a guard may have the same prefix, and Fastify compares constraints by value. */
  readonly id: symbol;
  yields: boolean;
}

/**
 * Makes the hooks of the scope run before the 404 to an unknown path at or below the scope's own prefix.
 *
 * Fastify runs the hooks of a scope only for its routes. So the scope gets routes for all paths without
 * one, which call the not-found handler that Fastify would have called. A scope without its own prefix has
 * no paths other than its routes.
 */
export function guardUnknownPaths(app: FastifyInstance): void {
  const around: Partial<FastifyInstance> = Object.getPrototypeOf(app);
  const prefix = withoutSlash(app.prefix);
  if (prefix === withoutSlash(around.prefix ?? '')) return;
  addConstraint(app);
  const fallbacks = new Map<string, Fallback>();
  for (const url of ['', '/*']) {
    for (const method of app.supportedMethods) {
      const fallback = { id: Symbol(url), yields: app.hasRoute({ method, url: prefix + url }) };
      fallbacks.set(method + prefix + url, fallback);
      addFallback(app, method, url, fallback);
    }
  }
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      const fallback = fallbacks.get(method + withoutSlash(route.url));
      if (fallback && !(CONSTRAINT in (route.constraints ?? {}))) fallback.yields = true;
    }
  });
}

function addFallback(app: FastifyInstance, method: string, url: string, fallback: Fallback): void {
  app.route({
    method,
    url,
    constraints: { [CONSTRAINT]: fallback },
    exposeHeadRoute: false,
    // Not a route of the application, so @fastify/swagger must not document it.
    schema: { hide: true } as object,
    handler: (_request, reply) => {
      reply.callNotFound();
    },
  });
}

/** Adds a constraint, without which Fastify would reject two routes of the same path. */
function addConstraint(app: FastifyInstance): void {
  if (app.hasConstraintStrategy(CONSTRAINT)) return;
  app.addConstraintStrategy({
    name: CONSTRAINT,
    storage() {
      let last: Fallback | undefined;
      let route: unknown = null;
      return {
        get: () => (last?.yields ? null : route),
        set(fallback: Fallback, handler: unknown) {
          last = fallback;
          route = handler;
        },
      };
    },
    deriveConstraint: () => true,
    mustMatchWhenDerived: false,
  } as Parameters<FastifyInstance['addConstraintStrategy']>[0]);
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}
