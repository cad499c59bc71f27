import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import {
  type ApiKeyHook,
  decoratePrincipal,
  guardHook,
  type HookRequest,
  scopePlugin,
} from './fastify-hook.ts';
import { sendRefusal } from './fastify-reply.ts';
import { guardUnknownPaths } from './fastify-unknown-paths.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';

export type { ApiKeyHook };

/** The service, and what a key must have beyond being good. */
export interface ApiKeyGuardOptions extends GuardOptions {
  readonly keys: GuardKeys;
}

/**
 * Guards the routes of the scope in which it is registered, and the unknown paths under that scope's
 * own prefix: 401 comes before 404. It may be registered again, in the same scope or in one inside
 * it; what all of them require must then hold. A wrong option rejects `ready()` with
 * `invalid_argument`.
 *
 * @example
 * ```ts
 * app.register(async (api) => {
 *   api.register(apiKeyGuard, { keys });
 *   api.get('/me', async (request) => request.principal);
 * }, { prefix: '/api/v1' });
 * ```
 */
export const apiKeyGuard: FastifyPluginAsync<ApiKeyGuardOptions> = /* @__PURE__ */ Object.assign(
  async (app: FastifyInstance, { keys, ...options }: ApiKeyGuardOptions) => {
    const hook = apiKeyHook(keys, options);
    decoratePrincipal(app);
    app.addHook('onRequest', hook);
    guardUnknownPaths(app, hook);
  },
  scopePlugin,
);

/**
 * The guard of a single route, as its `onRequest` hook.
 *
 * @throws KeywrightError `invalid_argument` that names the option.
 * @example
 * ```ts
 * const onRequest = apiKeyHook(keys, { scopes: ['orders:read'] });
 * app.get('/orders', { onRequest }, async (request) => request.principal.owner);
 * ```
 */
export function apiKeyHook<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): ApiKeyHook {
  return guardHook(authenticator(keys, options));
}

/**
 * Answers 403 to a principal that lacks one of the scopes: a hook for `onRequest` or later, behind a
 * guard. Without one, the error is `principal_missing` and the answer 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
 * @example
 * ```ts
 * app.post('/orders', { onRequest: requireScopes('orders:write') }, async () => 'created');
 * ```
 */
export function requireScopes(...scopes: string[]): ApiKeyHook {
  const check = scopeCheck(scopes);
  return (request, reply, done) => {
    const refusal = check(principalOf(request));
    if (refusal) sendRefusal(reply, refusal);
    else done();
  };
}

/**
 * Whom the request speaks for; throws `principal_missing` where no guard has let it in.
 *
 * @example
 * ```ts
 * app.get('/me', async (request) => principalOf(request).owner);
 * ```
 */
export function principalOf({ principal }: Pick<HookRequest, 'principal'>): Principal {
  return presentPrincipal(principal);
}
