import { unavailable } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import type { Authentication } from '../service/contract.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { failureOf, settling } from './failure.ts';
import { answer, isOver, type NodeRequest, type NodeResponse, setHeaders } from './node-http.ts';
import { presentPrincipal } from './principal.ts';
import { authorizationLines } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';

/** Middleware of Connect and Express, and a function to call on `node:http`. */
export type NodeMiddleware = (
  req: NodeRequest,
  res: NodeResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Middleware for Connect and Express; in `node:http`, a function to call with what comes next.
 *
 * A request that is let in has `req.principal`. One that is over by the time the store has answered,
 * as its client is gone or another answer sent, is left alone. What `next` throws is the host's own.
 *
 * Should `keys.authenticate` itself reject, `next` gets the error only where the request bears the
 * `originalUrl` of Connect and Express, which then skip every handler. A plain function might not
 * look at its argument and let the request in: there the answer is 503, and the error is thrown.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is made.
 * @example
 * ```ts
 * const guard = apiKeyGuard(keys);
 * createServer((req, res) => guard(req, res, () => res.end(principalOf(req).owner)));
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): NodeMiddleware {
  const authenticate = authenticator(keys, options);
  return (req, res, next) => {
    const settle = (result: Authentication<AnyPrincipal>): void => {
      if (!result.ok) {
        answer(req, res, result.refusal);
      } else if (!isOver(res)) {
        req.principal = result.principal as Principal;
        setHeaders(res, result.headers);
        next();
      }
    };
    const fail = (reason: unknown): void => {
      const error = failureOf(reason);
      if ('originalUrl' in req) {
        next(error);
      } else {
        answer(req, res, unavailable);
        throw error;
      }
    };
    settling(authenticate(authorizationLines(req)), settle, fail);
  };
}

/**
 * Answers 403 to a principal that lacks one of the scopes; stands after a guard. Where none does, it
 * throws `principal_missing`, which Connect and Express answer with 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
 * @example
 * ```ts
 * app.post('/orders', requireScopes('orders:write'), (_req, res) => res.sendStatus(201));
 * ```
 */
export function requireScopes(...scopes: string[]): NodeMiddleware {
  const refuse = scopeCheck(scopes);
  return (req, res, next) => {
    const refusal = refuse(principalOf(req));
    if (refusal) answer(req, res, refusal);
    else next();
  };
}

/**
 * Whom the request speaks for.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 * @example
 * ```ts
 * app.get('/me', (req, res) => res.json(principalOf(req)));
 * ```
 */
export function principalOf({ principal }: NodeRequest): Principal {
  return presentPrincipal(principal);
}
