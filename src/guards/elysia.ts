import type { ElysiaCustomStatusResponse } from 'elysia';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';
import { type WebRequest, webLines } from './web-lines.ts';
import { refusalResponse } from './web-response.ts';

/** The part of a context that the guard uses, whatever the schemas of the route. */
export interface GuardedContext {
  readonly request: WebRequest;
  readonly set: { readonly headers: Record<string, string | number | undefined> };
  readonly status: (...args: never) => unknown;
}

/** What ends a request in `derive`, and no property of the context. */
type Refused = ElysiaCustomStatusResponse<401 | 403 | 503, Response, 401 | 403 | 503>;

/** A function for `derive`, which gives the context its `principal`. */
export type ElysiaGuard<Caller extends AnyPrincipal = Principal> = (
  context: GuardedContext,
) => Promise<{ principal: Caller } | Refused>;

/** A function for `beforeHandle`. */
export type ElysiaHook = (context: { readonly principal?: AnyPrincipal }) => undefined;

/**
 * Lets in requests with a good key to the routes that come after it, and hands on `principal` in
 * their context. To be given to `derive`, which comes before validation.
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
 * new Elysia({ prefix: '/api' })
 *   .derive(apiKeyGuard(keys))
 *   .get('/me', ({ principal }) => principal.owner);
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): ElysiaGuard<Caller> {
  const authenticate = authenticator(keys, options);
  // Async, and with what it uses named here: Elysia reads the text of the function for both, and
  // would not wait for a promise that it does not expect.
  return async ({ request, set, status }) => {
    const result = await authenticate(webLines(request));
    if (result.ok) {
      Object.assign(set.headers, result.headers);
      return { principal: result.principal };
    }
    const { refusal } = result;
    const refuse = status as (code: number, response: Response) => Refused;
    return refuse(refusal.status, responseOf(refusal));
  };
}

/**
 * Answers 403 to a principal that lacks one of the scopes: a hook for `beforeHandle`, behind a
 * guard. Without one, the error is `principal_missing` and the answer 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
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
    // The type of a route's answer is that of its schema, and this is none of them.
    return (refusal && responseOf(refusal)) as undefined;
  };
}

/**
 * Whom the request speaks for, where code has the context and not its type.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 */
export function principalOf(context: { readonly principal?: AnyPrincipal }): Principal {
  return presentPrincipal(context.principal);
}

/** With its body for HEAD too: Elysia takes that away, and counts its length before. */
function responseOf(refusal: HttpRefusal): Response {
  return refusalResponse({ method: 'GET' }, refusal);
}
