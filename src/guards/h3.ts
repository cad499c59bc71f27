import type { H3EventContext } from 'h3';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';
import { type WebRequest, webLines } from './web-lines.ts';
import { refusalResponse, setHeaders } from './web-response.ts';

declare module 'h3' {
  interface H3EventContext {
    /** Whom the request speaks for; there once an `apiKeyGuard` has let it in. */
    principal?: Principal;
  }
}

/** The part of an event that the guard uses. */
export interface GuardedEvent {
  readonly req: WebRequest;
  readonly res: { readonly headers: { set(name: string, value: string): void } };
  readonly context: H3EventContext;
}

/** Middleware of h3, for `app.use` and for the `middleware` of a route. */
export type H3Middleware = (event: GuardedEvent, next: () => unknown) => unknown;

/**
 * Middleware that lets in requests with a good key, and hands on `event.context.principal`.
 *
 * On Node raw header lines are counted. Other runtimes join two Authorization lines by a comma, and
 * the comma refuses.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is made.
 *
 * @example
 * ```ts
 * const app = new H3()
 *   .use('/api/**', apiKeyGuard(keys))
 *   .get('/api/me', (event) => principalOf(event).owner);
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): H3Middleware {
  const authenticate = authenticator(keys, options);
  return async ({ req, res, context }, next) => {
    const result = await authenticate(webLines(req));
    if (!result.ok) return refusalResponse(req, result.refusal);
    context.principal = result.principal as Principal;
    setHeaders(res, result.headers);
    return next();
  };
}

/**
 * Middleware that answers 403 to a principal that lacks one of the scopes; stands after a guard.
 * Without one, the error is `principal_missing` and the answer 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
 *
 * @example
 * ```ts
 * app.post('/api/orders', () => 'created', { middleware: [requireScopes('orders:write')] });
 * ```
 */
export function requireScopes(...scopes: string[]): H3Middleware {
  const check = scopeCheck(scopes);
  return (event, next) => {
    const refusal = check(principalOf(event));
    return refusal ? refusalResponse(event.req, refusal) : next();
  };
}

/**
 * Whom the request speaks for.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 *
 * @example
 * ```ts
 * app.get('/api/me', (event) => principalOf(event).owner);
 * ```
 */
export function principalOf({ context }: Pick<GuardedEvent, 'context'>): Principal {
  return presentPrincipal(context.principal);
}
