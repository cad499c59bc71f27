import type { FastifyInstance } from 'fastify';
import type { ApiKeyHook } from './fastify-hook.ts';

/**
 * Runs `hook` before the answer 404 to an unknown path under the scope's own prefix.
 *
 * Such a path has no route, so the scope's hooks do not run: Fastify takes it to the not-found
 * handler of the nearest scope that has set one, which may be the root. The hook therefore goes to
 * the root, from where it reaches all of them, and looks at paths that no route has matched. To
 * set a handler in the scope instead would be in the way of the host's.
 *
 * A scope without a prefix of its own has no paths but its routes.
 */
export function guardUnknownPaths(app: FastifyInstance, hook: ApiKeyHook): void {
  const parent = parentOf(app);
  if (parent === undefined || segmentsOf(parent.prefix).length === segmentsOf(app.prefix).length) {
    return;
  }
  const isBelow = prefixMatcher(app);
  rootOf(parent).addHook('onRequest', (request, reply, done) => {
    const { server } = request;
    // A not-found handler of this scope, or of one inside it, runs behind the scope's own hooks.
    const isInside = server === app || Object.prototype.isPrototypeOf.call(app, server);
    if (request.is404 && !isInside && isBelow(request.url)) hook(request, reply, done);
    else done();
  });
}

/** An instance of a scope inherits from the one around it. */
function parentOf(app: FastifyInstance): FastifyInstance | undefined {
  const parent: FastifyInstance | object = Object.getPrototypeOf(app);
  return 'addHook' in parent ? parent : undefined;
}

function rootOf(app: FastifyInstance): FastifyInstance {
  const parent = parentOf(app);
  return parent === undefined ? app : rootOf(parent);
}

/** What makes the router take different paths for one. */
interface Folding {
  readonly caseSensitive?: boolean | undefined;
  readonly ignoreDuplicateSlashes?: boolean | undefined;
  readonly useSemicolonDelimiter?: boolean | undefined;
}

/** Tells, as the app's router reads it, whether a request target lies under the scope's prefix. */
function prefixMatcher({ prefix, initialConfig }: FastifyInstance): (url: string) => boolean {
  // Fastify 5 takes them in both places, and gives back each in the one where it was given.
  const folding: readonly Folding[] = [initialConfig, { ...initialConfig.routerOptions }];
  const foldsCase = folding.some(({ caseSensitive }) => caseSensitive === false);
  const foldsSlashes = folding.some(({ ignoreDuplicateSlashes }) => ignoreDuplicateSlashes);
  const endsAtSemicolon = folding.some(({ useSemicolonDelimiter }) => useSemicolonDelimiter);
  const end = endsAtSemicolon ? /[?#;]/ : /[?#]/;
  const fold = (path: string) => (foldsCase ? path.toLowerCase() : path);
  const wanted = segmentsOf(fold(prefix));
  return (url) => {
    const [target = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split(end, 1);
    // The router has decoded the same text before, and refused what cannot be.
    const path = decodeURI(target);
    const given = fold(foldsSlashes ? path.replace(/\/+/g, '/') : path)
      .split('/')
      .slice(1);
    return wanted.every((segment, i) =>
      // A parameter, or part of one, matches whatever is there.
      /[:*]/.test(segment) ? Boolean(given[i]) : given[i] === segment,
    );
  };
}

function segmentsOf(prefix: string): string[] {
  return prefix.split('/').filter((segment) => segment !== '');
}
