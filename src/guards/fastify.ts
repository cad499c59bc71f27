import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import {
  type ApiKeyHook,
  decoratePrincipal,
  guardHook,
  type HookRequest,
  scopePlugin,
} from './fastify-hook.ts';
import { sendRefusal } from './fastify-reply.ts';
import { guardUnknownPaths } from './fastify-unknown-paths.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import { fieldLines } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';

export type { ApiKeyHook };

type Keys<Caller extends AnyPrincipal> = KeysSource<Caller, [request: FastifyRequest]>;

/** The service, and what a route requires of a valid key. */
export interface ApiKeyGuardOptions extends GuardOptions {
  /** The service, or a function of the request that returns it. */
  readonly keys: Keys<AnyPrincipal>;
}

/** A guard with `requireScopes` and `principalOf`, typed by its service. */
type Bound<Guard, Caller extends AnyPrincipal> = Guard &
  BoundGuard<Caller, Pick<HookRequest, 'principal'>, ApiKeyHook>;

/** A guard that is bound to its service, for `app.register`. */
export type FastifyGuard<Caller extends AnyPrincipal> = Bound<FastifyPluginAsync, Caller>;

/** Binds a guard to its service. */
type BindGuard = <Caller extends AnyPrincipal>(
  keys: Keys<Caller>,
  options?: GuardOptions<Caller>,
) => FastifyGuard<Caller>;

/**
 * Guards the routes of the scope in which it is registered, and the unknown paths below that scope's own
 * prefix. Without a valid key, these answer 401 instead of 404. Register it directly, with `keys` among the
 * options, or call it with `keys` for a guard with the types of its service.
 *
 * A scope and its nested scopes may have several guards. A key must then satisfy all of them. An invalid
 * option rejects `ready()` with `invalid_argument`, or throws if the guard is called with it.
 *
 * @example
 * ```ts
 * const guard = apiKeyGuard(keys);
 * app.register(async (api) => {
 *   api.register(guard);
 *   api.get('/me', async (request) => guard.principalOf(request));
 * }, { prefix: '/api/v1' });
 * ```
 */
export const apiKeyGuard: BindGuard & FastifyPluginAsync<ApiKeyGuardOptions> =
  /* @__PURE__ */ Object.assign(
    (first: FastifyInstance | Keys<AnyPrincipal>, options: Partial<ApiKeyGuardOptions> = {}) =>
      'register' in Object(first)
        ? plugin(first as FastifyInstance, options as ApiKeyGuardOptions)
        : bound(first as Keys<AnyPrincipal>, options),
    scopePlugin,
  ) as BindGuard & FastifyPluginAsync<ApiKeyGuardOptions>;

async function plugin(app: FastifyInstance, { keys, ...options }: ApiKeyGuardOptions) {
  await bound(keys, options)(app, {});
}

function bound(keys: Keys<AnyPrincipal>, options: GuardOptions): FastifyGuard<AnyPrincipal> {
  const hook = apiKeyHook(keys, options);
  const guard: FastifyPluginAsync = async (app) => {
    decoratePrincipal(app);
    app.addHook('onRequest', hook);
    guardUnknownPaths(app);
  };
  return bindGuard(Object.assign(guard, scopePlugin), keys, requireScopes, principalOf);
}

/**
 * Returns the guard of a single route, to use as its `onRequest` hook.
 *
 * @throws KeywrightError `invalid_argument` that names the option.
 * @example
 * ```ts
 * const onRequest = apiKeyHook(keys, { scopes: ['orders:read'] });
 * app.get('/orders', { onRequest }, async (request) => request.principal.owner);
 * ```
 */
export function apiKeyHook<Caller extends AnyPrincipal>(
  keys: Keys<Caller>,
  options: GuardOptions<Caller> = {},
): Bound<ApiKeyHook, Caller> {
  const hook = guardHook(authenticator(keys, options, fieldLines));
  return bindGuard(hook, keys, requireScopes, principalOf);
}

/**
 * Returns a hook for `onRequest` or later that answers 403 to a principal that lacks one of the scopes; use
 * it after a guard. Without a guard, it throws `principal_missing`, which Fastify answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
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
 * Returns the principal of the request. Throws `principal_missing` if no guard has authenticated it.
 *
 * @example
 * ```ts
 * app.get('/me', async (request) => principalOf(request).owner);
 * ```
 */
export function principalOf({ principal }: Pick<HookRequest, 'principal'>): Principal {
  return presentPrincipal(principal);
}
