import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import type { Requirement } from '../service/contract.ts';
import { authenticator, type GuardKeys } from './authenticator.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';

/**
 * A handler behind a guard.
 *
 * @param rest whatever the framework gives beside the request: a context, an environment, params
 */
export type GuardedHandler<
  Incoming extends Request,
  Caller extends Principal,
  Rest extends unknown[],
> = (request: Incoming, principal: Caller, ...rest: Rest) => Response | Promise<Response>;

const principals = new WeakMap<Request, Principal>();

/**
 * Guards a handler on Web standards: Next.js route handlers, Bun, Deno, Cloudflare Workers.
 *
 * `Headers` joins two Authorization lines by a comma, and the comma refuses. What `handler` throws
 * is the host's own.
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
  Environment extends string,
  Incoming extends Request = Request,
  Rest extends unknown[] = [],
>(
  keys: GuardKeys<Environment>,
  handler: GuardedHandler<Incoming, Principal<Environment>, Rest>,
  options: Requirement<NoInfer<Environment>> = {},
): (request: Incoming, ...rest: Rest) => Promise<Response> {
  const authenticate = authenticator(keys, options);
  return async (request, ...rest) => {
    const result = await authenticate(request.headers.get('authorization') ?? undefined);
    if (!result.ok) return responseOf(request, result.refusal);
    principals.set(request, result.principal);
    return handler(request, result.principal, ...rest);
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
  return <Incoming extends Request, Caller extends Principal, Rest extends unknown[]>(
    handler: GuardedHandler<Incoming, Caller, Rest>,
  ): GuardedHandler<Incoming, Caller, Rest> =>
    (request, principal, ...rest) => {
      const refusal = refuse(presentPrincipal(principal));
      return refusal ? responseOf(request, refusal) : handler(request, principal, ...rest);
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

function responseOf({ method }: Request, { status, headers, body }: HttpRefusal): Response {
  return new Response(method === 'HEAD' ? null : body, { status, headers });
}
