import type { Lifecycle, Request, ResponseToolkit, ServerAuthScheme } from '@hapi/hapi';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { presentPrincipal } from './principal.ts';
import { authorizationLines } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';

declare module '@hapi/hapi' {
  interface AuthCredentials {
    /** Whom the request speaks for; there once an `apiKeyGuard` has let it in. */
    principal?: Principal;
  }
}

/**
 * An authentication scheme, which hands on `request.auth.credentials.principal`.
 *
 * What it refuses it answers itself, in the modes `try` and `optional` too: a strategy that stands
 * after it in a route's list is not asked. Credentials have the key's scopes as `scope`, where
 * hapi's own `access` looks; what that refuses is answered by hapi.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the scheme is made.
 *
 * @example
 * ```ts
 * server.auth.scheme('api-key', apiKeyGuard(keys));
 * server.auth.strategy('api-key', 'api-key');
 * server.auth.default('api-key');
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): ServerAuthScheme {
  const authenticate = authenticator(keys, options);
  return () => ({
    async authenticate(request, h) {
      const result = await authenticate(authorizationLines(request.raw.req));
      if (!result.ok) return refuse(h, result.refusal);
      const principal = result.principal as Principal;
      const credentials = { principal, scope: [...principal.scopes] };
      return h.authenticated({ credentials, artifacts: { ...result.headers } });
    },
    response({ auth, response }, h) {
      const headers = response instanceof Error ? response.output.headers : response.headers;
      Object.assign(headers, auth.artifacts);
      return h.continue;
    },
  });
}

/**
 * Answers 403 to a principal that lacks one of the scopes: a method for `pre`, or for the extension
 * points `onCredentials` and later, behind a guard. Without one, the error is `principal_missing`
 * and the answer 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
 *
 * @example
 * ```ts
 * const onCredentials = { method: requireScopes('orders:write') };
 * server.route({ method: 'POST', path: '/orders', options: { ext: { onCredentials } }, handler });
 * ```
 */
export function requireScopes(...scopes: string[]): Lifecycle.Method {
  const check = scopeCheck(scopes);
  return (request, h) => {
    const refusal = check(principalOf(request));
    return refusal ? refuse(h, refusal) : h.continue;
  };
}

/**
 * Whom the request speaks for.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 *
 * @example
 * ```ts
 * server.route({ method: 'GET', path: '/me', handler: (request) => principalOf(request).owner });
 * ```
 */
export function principalOf({ auth }: Pick<Request, 'auth'>): Principal {
  return presentPrincipal(auth.credentials?.principal);
}

function refuse(h: ResponseToolkit, { status, headers, body }: HttpRefusal) {
  const response = h.response(body).code(status).takeover();
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  return response;
}
