import { invalid } from '../errors.ts';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';
import { webLines } from './web-lines.ts';
import { refusalResponse, withHeaders } from './web-response.ts';

/**
 * A handler behind a guard.
 *
 * @param rest what the framework passes after the request: a context, an environment, params
 */
export type GuardedHandler<
  Incoming extends Request,
  Caller extends AnyPrincipal,
  Rest extends unknown[],
> = (request: Incoming, principal: Caller, ...rest: Rest) => Response | Promise<Response>;

/** A wrapper for a handler, inside a guard. */
export type FetchRequirement = <
  Incoming extends Request,
  Caller extends AnyPrincipal,
  Rest extends unknown[],
>(
  handler: GuardedHandler<Incoming, Caller, Rest>,
) => GuardedHandler<Incoming, Caller, Rest>;

/** The guarded handler, with `requireScopes` and `principalOf`, typed by its service. */
export type FetchGuard<
  Incoming extends Request,
  Caller extends AnyPrincipal,
  Rest extends unknown[],
> = ((request: Incoming, ...rest: Rest) => Promise<Response>) &
  BoundGuard<Caller, Request, FetchRequirement>;

const principals = new WeakMap<Request, AnyPrincipal>();

/**
 * Guards a handler on Web standards: Next.js route handlers, Bun, Deno, Cloudflare Workers.
 *
 * `Headers` joins two Authorization lines with a comma, and the guard refuses a value with a comma. Under
 * srvx on Node, it counts raw lines. Errors of `handler` pass through.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is created.
 *
 * @example
 * ```ts
 * const me = apiKeyGuard(keys, (_request, principal) => Response.json(principal));
 * const response = await me(new Request('https://api.example.com/v1/me'));
 * console.log(response.status); // 401
 * ```
 */
export function apiKeyGuard<
  Caller extends AnyPrincipal,
  Incoming extends Request = Request,
  Rest extends unknown[] = [],
>(
  keys: KeysSource<Caller, [request: Incoming, ...rest: Rest]>,
  handler: GuardedHandler<Incoming, Caller, Rest>,
  options: GuardOptions<Caller> = {},
): FetchGuard<Incoming, Caller, Rest> {
  const authenticate = authenticator(keys, options, webLines);
  if (typeof handler !== 'function') {
    throw invalid('handler', 'must be a function: apiKeyGuard(keys, handler, options)');
  }
  const guard = async (request: Incoming, ...rest: Rest) => {
    const result = await authenticate(request, request, ...rest);
    if (!result.ok) return refusalResponse(request, result.refusal);
    principals.set(request, result.principal);
    return withHeaders(await handler(request, result.principal, ...rest), result.headers);
  };
  return bindGuard(guard, keys, requireScopes, principalOf);
}

/**
 * Wraps a handler, and answers 403 to a principal that lacks one of the scopes; use it inside a guard.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
 *
 * @example
 * ```ts
 * const write = requireScopes('orders:write');
 * const create = apiKeyGuard(keys, write(() => new Response(null, { status: 201 })));
 * ```
 */
export function requireScopes(...scopes: string[]): FetchRequirement {
  const refuse = scopeCheck(scopes);
  return (handler) =>
    (request, principal, ...rest) => {
      const refusal = refuse(presentPrincipal(principal));
      return refusal ? refusalResponse(request, refusal) : handler(request, principal, ...rest);
    };
}

/**
 * Returns the principal of a request, for code that has only the request that the guard received.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated this request object; a copy
 * has no principal.
 *
 * @example
 * ```ts
 * const ownerOf = (request: Request) => principalOf(request).owner;
 * const owner = apiKeyGuard(keys, (request) => new Response(ownerOf(request)));
 * ```
 */
export function principalOf(request: Request): Principal {
  return presentPrincipal(principals.get(request));
}
