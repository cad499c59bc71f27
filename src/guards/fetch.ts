import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';
import { webLines } from './web-lines.ts';
import { refusalResponse, withHeaders } from './web-response.ts';

/**
 * A handler behind a guard.
 *
 * @param rest whatever the framework gives beside the request: a context, an environment, params
 */
export type GuardedHandler<
  Incoming extends Request,
  Caller extends AnyPrincipal,
  Rest extends unknown[],
> = (request: Incoming, principal: Caller, ...rest: Rest) => Response | Promise<Response>;

const principals = new WeakMap<Request, AnyPrincipal>();

/**
 * Guards a handler on Web standards: Next.js route handlers, Bun, Deno, Cloudflare Workers.
 *
 * `Headers` joins two Authorization lines by a comma, and the comma refuses; where srvx has served
 * the request on Node, its raw lines are counted. What `handler` throws is the host's own.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is made.
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
  keys: GuardKeys<Caller>,
  handler: GuardedHandler<Incoming, Caller, Rest>,
  options: GuardOptions<Caller> = {},
): (request: Incoming, ...rest: Rest) => Promise<Response> {
  const authenticate = authenticator(keys, options);
  return async (request, ...rest) => {
    const result = await authenticate(webLines(request));
    if (!result.ok) return refusalResponse(request, result.refusal);
    principals.set(request, result.principal);
    return withHeaders(await handler(request, result.principal, ...rest), result.headers);
  };
}

/**
 * Answers 403 to a principal that lacks one of the scopes; stands between a guard and a handler.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
 *
 * @example
 * ```ts
 * const write = requireScopes('orders:write');
 * const create = apiKeyGuard(keys, write(() => new Response(null, { status: 201 })));
 * ```
 */
export function requireScopes(...scopes: string[]) {
  const refuse = scopeCheck(scopes);
  return <Incoming extends Request, Caller extends AnyPrincipal, Rest extends unknown[]>(
    handler: GuardedHandler<Incoming, Caller, Rest>,
  ): GuardedHandler<Incoming, Caller, Rest> =>
    (request, principal, ...rest) => {
      const refusal = refuse(presentPrincipal(principal));
      return refusal ? refusalResponse(request, refusal) : handler(request, principal, ...rest);
    };
}

/**
 * Whom a request speaks for, where code has the request that the guard saw and nothing else.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in, or for a copy of it.
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
