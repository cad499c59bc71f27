import { unavailable } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import type { Authentication } from '../service/contract.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import { failureOf, whenSettled } from './failure.ts';
import type { KeysSource } from './keys-source.ts';
import { answer, isOver, type NodeRequest, type NodeResponse, setHeaders } from './node-http.ts';
import { presentPrincipal } from './principal.ts';
import { fieldLines } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';

/** Middleware of Connect and Express, and a function to call on `node:http`. */
export type NodeMiddleware = (
  req: NodeRequest,
  res: NodeResponse,
  next: (error?: unknown) => void,
) => void;

/** The guard: middleware with `requireScopes` and `principalOf`, typed by its service. */
export type NodeGuard<Caller extends AnyPrincipal> = NodeMiddleware &
  BoundGuard<Caller, NodeRequest, NodeMiddleware>;

/**
 * Middleware for Connect and Express; in `node:http`, a function to call with the handler as `next`.
 *
 * Sets `req.principal` on an authenticated request. If the client has disconnected or a response has been
 * sent before the store answers, the guard does nothing. Errors of `next` pass through.
 *
 * If `keys.authenticate` itself rejects, `next` receives the error only if the request has the
 * `originalUrl` of Connect and Express, which then skip every handler. A plain function might ignore its
 * argument and serve the request. So without `originalUrl`, the guard answers 503 and throws the error.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is created.
 * @example
 * ```ts
 * const guard = apiKeyGuard(keys);
 * createServer((req, res) => guard(req, res, () => res.end(principalOf(req).owner)));
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: KeysSource<Caller, [req: NodeRequest]>,
  options: GuardOptions<Caller> = {},
): NodeGuard<Caller> {
  const authenticate = authenticator(keys, options, fieldLines);
  const guard: NodeMiddleware = (req, res, next) => {
    const proceed = (result: Authentication<AnyPrincipal>): void => {
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
    whenSettled(authenticate(req, req), proceed, fail);
  };
  return bindGuard(guard, keys, requireScopes, principalOf);
}

/**
 * Answers 403 to a principal that lacks one of the scopes; use it after a guard. Without a guard, it
 * throws `principal_missing`, which Connect and Express answer with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
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
 * Returns the principal of the request.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
 * @example
 * ```ts
 * app.get('/me', (req, res) => res.json(principalOf(req)));
 * ```
 */
export function principalOf({ principal }: NodeRequest): Principal {
  return presentPrincipal(principal);
}
