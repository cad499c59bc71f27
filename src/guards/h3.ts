import type { H3EventContext } from 'h3';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';
import { type WebRequest, webLines } from './web-lines.ts';
import { refusalResponse, setHeaders } from './web-response.ts';

declare module 'h3' {
  interface H3EventContext {
    /** The principal of the request, set by `apiKeyGuard`. */
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

/** The guard: middleware with `requireScopes` and `principalOf`, typed by its service. */
export type H3Guard<Caller extends AnyPrincipal> = H3Middleware &
  BoundGuard<Caller, Pick<GuardedEvent, 'context'>, H3Middleware>;

/**
 * Middleware that authenticates requests, and sets `event.context.principal`.
 *
 * On Node, the guard counts raw header lines. Other runtimes join two Authorization lines with a comma,
 * and the guard refuses a value with a comma.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is created.
 *
 * @example
 * ```ts
 * const app = new H3()
 *   .use('/api/**', apiKeyGuard(keys))
 *   .get('/api/me', (event) => principalOf(event).owner);
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: KeysSource<Caller, [event: GuardedEvent]>,
  options: GuardOptions<Caller> = {},
): H3Guard<Caller> {
  const authenticate = authenticator(keys, options, webLines);
  const guard: H3Middleware = async (event, next) => {
    const { req, res, context } = event;
    const result = await authenticate(req, event);
    if (!result.ok) return refusalResponse(req, result.refusal);
    context.principal = result.principal as Principal;
    setHeaders(res, result.headers);
    return next();
  };
  return bindGuard(guard, keys, requireScopes, principalOf);
}

/**
 * Middleware that answers 403 to a principal that lacks one of the scopes; use it after a guard.
 * Without a guard, it throws `principal_missing`, which h3 answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
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
 * Returns the principal of the request.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
 *
 * @example
 * ```ts
 * app.get('/api/me', (event) => principalOf(event).owner);
 * ```
 */
export function principalOf({ context }: Pick<GuardedEvent, 'context'>): Principal {
  return presentPrincipal(context.principal);
}
