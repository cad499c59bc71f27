import type { ElysiaCustomStatusResponse } from 'elysia';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';
import { type WebRequest, webLines } from './web-lines.ts';
import { refusalResponse } from './web-response.ts';

/** The part of a context that the guard uses, for routes with any schemas. */
export interface GuardedContext {
  readonly request: WebRequest;
  readonly set: { readonly headers: Record<string, string | number | undefined> };
  readonly status: (...args: never) => unknown;
}

/** The result of `derive` that ends a request. It adds no property to the context. */
type Refused = ElysiaCustomStatusResponse<401 | 403 | 503, Response, 401 | 403 | 503>;

/** A function for `derive`, which adds `principal` to the context. */
type ElysiaDerive<Caller extends AnyPrincipal> = (
  context: GuardedContext,
) => Promise<{ principal: Caller } | Refused>;

/** The guard: a function for `derive` with `requireScopes` and `principalOf`, typed by its service. */
export type ElysiaGuard<Caller extends AnyPrincipal = Principal> = ElysiaDerive<Caller> &
  BoundGuard<Caller, { readonly principal?: AnyPrincipal }, ElysiaHook>;

/** A function for `beforeHandle`. */
export type ElysiaHook = (context: { readonly principal?: AnyPrincipal }) => undefined;

/**
 * Authenticates the requests of the routes after it, and adds `principal` to their context. Pass it to
 * `derive`, which runs before validation.
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
 * new Elysia({ prefix: '/api' })
 *   .derive(apiKeyGuard(keys))
 *   .get('/me', ({ principal }) => principal.owner);
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: KeysSource<Caller, [context: GuardedContext]>,
  options: GuardOptions<Caller> = {},
): ElysiaGuard<Caller> {
  const authenticate = authenticator(keys, options, webLines);
  // Elysia reads from the source text of a function which members it uses and whether it is async. It
  // does not await the promise of a function that is not.
  const guard: ElysiaDerive<Caller> = async ({ request, set, status }) => {
    const result = await authenticate(request, { request, set, status });
    if (result.ok) {
      Object.assign(set.headers, result.headers);
      return { principal: result.principal };
    }
    const { refusal } = result;
    const refuse = status as (code: number, response: Response) => Refused;
    return refuse(refusal.status, responseOf(refusal));
  };
  return bindGuard(guard, keys, requireScopes, principalOf);
}

/**
 * Returns a hook for `beforeHandle` that answers 403 to a principal that lacks one of the scopes; use it
 * after a guard. Without a guard, it throws `principal_missing`, which Elysia answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
 *
 * @example
 * ```ts
 * app.post('/orders', () => 'created', { beforeHandle: requireScopes('orders:write') });
 * ```
 */
export function requireScopes(...scopes: string[]): ElysiaHook {
  const check = scopeCheck(scopes);
  return ({ principal }) => {
    const refusal = check(presentPrincipal(principal));
    // The schema of a route types its responses, and does not include this one.
    return (refusal && responseOf(refusal)) as undefined;
  };
}

/**
 * Returns the principal of the request, for code that has the context without its type.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
 */
export function principalOf(context: { readonly principal?: AnyPrincipal }): Principal {
  return presentPrincipal(context.principal);
}

/** Has a body for HEAD, too: Elysia counts its length and then removes it. */
function responseOf(refusal: HttpRefusal): Response {
  return refusalResponse({ method: 'GET' }, refusal);
}
