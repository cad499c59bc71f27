import type { Lifecycle, Request, ResponseToolkit, ServerAuthScheme } from '@hapi/hapi';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import { fieldLines } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';

declare module '@hapi/hapi' {
  interface AuthCredentials {
    /** The principal of the request, set by `apiKeyGuard`. */
    principal?: Principal;
  }
}

/** The guard: a scheme with `requireScopes` and `principalOf`, typed by its service. */
export type HapiGuard<Caller extends AnyPrincipal> = ServerAuthScheme &
  BoundGuard<Caller, Pick<Request, 'auth'>, Lifecycle.Method>;

/**
 * An authentication scheme, which sets `request.auth.credentials.principal`.
 *
 * It answers refused requests itself, also in the modes `try` and `optional`, so hapi tries no later
 * strategy of the route. Credentials have the key's scopes as `scope`, which hapi's own `access` reads.
 * Hapi itself answers requests that `access` refuses.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the scheme is created.
 *
 * @example
 * ```ts
 * server.auth.scheme('api-key', apiKeyGuard(keys));
 * server.auth.strategy('api-key', 'api-key');
 * server.auth.default('api-key');
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: KeysSource<Caller, [request: Request]>,
  options: GuardOptions<Caller> = {},
): HapiGuard<Caller> {
  const authenticate = authenticator(keys, options, fieldLines);
  const scheme: ServerAuthScheme = () => ({
    async authenticate(request, h) {
      const result = await authenticate(request.raw.req, request);
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
  return bindGuard(scheme, keys, requireScopes, principalOf);
}

/**
 * Returns a method for `pre`, or for the extension points `onCredentials` and later, that answers 403 to a
 * principal that lacks one of the scopes; use it after a guard. Without a guard, it throws
 * `principal_missing`, which hapi answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
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
 * Returns the principal of the request.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
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
