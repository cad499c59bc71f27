import { apiKeyGuard, type NodeMiddleware, principalOf, requireScopes } from 'keywright/node';
import type { GuardedRoute, OpenGuard } from 'keywright/testing';

type Keys = Parameters<OpenGuard>[0];
type NodeRequest = Parameters<NodeMiddleware>[0] & { readonly url?: string | undefined };
type NodeResponse = Parameters<NodeMiddleware>[1];

/** What a service without a framework writes: a listener that looks a route up by its path. */
export function nodeRoutes(keys: Keys, routes: readonly GuardedRoute[]) {
  const listeners = new Map(routes.map((route) => [route.path, guarded(keys, route)]));
  return (req: NodeRequest, res: NodeResponse): void => {
    const [path = ''] = (req.url ?? '').split('?', 1);
    const listener = listeners.get(path);
    if (listener) {
      listener(req, res);
    } else {
      res.writeHead(404, {});
      res.end();
    }
  };
}

function guarded(keys: Keys, { options, requireScopes: scopes, handle }: GuardedRoute) {
  const guard = apiKeyGuard(keys, options);
  const check: NodeMiddleware = scopes
    ? requireScopes(...scopes)
    : (_req, _res, next) => {
        next();
      };
  return (req: NodeRequest, res: NodeResponse): void => {
    guard(req, res, () => {
      check(req, res, () => {
        res.writeHead(200, { 'Content-Type': 'application/json' });
        res.end(handle(principalOf(req)));
      });
    });
  };
}
