import type { HttpRefusal } from '../http/refusal.ts';
import { andThen } from '../maybe-promise.ts';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import { fieldLines, type HeaderSource } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';

/** The state of a context behind the guard, for `new Koa<ApiKeyState>()`. */
export interface ApiKeyState<Caller extends AnyPrincipal = Principal> {
  /** The principal of the request. */
  principal: Caller;
}

/** The part of Koa's context that the guard uses, so that it fits every state and every router. */
export interface KoaContext<State = Partial<ApiKeyState>> {
  readonly req: HeaderSource;
  readonly state: State;
  status: number;
  body: unknown;
  set(headers: Record<string, string>): unknown;
}

/** Middleware of Koa that finds the principal in the state. */
export type KoaMiddleware<State = Partial<ApiKeyState>> = (
  ctx: KoaContext<State>,
  next: () => Promise<unknown>,
) => Promise<void>;

/** The guard: middleware with `requireScopes` and `principalOf`, typed by its service. */
export type KoaGuard<Caller extends AnyPrincipal> = KoaMiddleware<ApiKeyState<Caller>> &
  BoundGuard<Caller, Pick<KoaContext<object>, 'state'>, KoaMiddleware>;

/**
 * Middleware that authenticates requests, and sets `ctx.state.principal`.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is created.
 *
 * @example
 * ```ts
 * const app = new Koa().use(apiKeyGuard(keys));
 * app.use((ctx) => {
 *   ctx.body = ctx.state.principal.owner;
 * });
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal, State = object>(
  keys: KeysSource<Caller, [ctx: KoaContext<State>]>,
  options: GuardOptions<Caller> = {},
): KoaGuard<Caller> {
  const authenticate = authenticator(keys, options, fieldLines);
  const guard: KoaMiddleware<ApiKeyState<Caller>> = (ctx, next) =>
    andThen(authenticate(ctx.req, ctx as unknown as KoaContext<State>), async (result) => {
      if (!result.ok) return refuse(ctx, result.refusal);
      ctx.state.principal = result.principal;
      if (result.headers !== undefined) ctx.set({ ...result.headers });
      await next();
    });
  return bindGuard(guard, keys, requireScopes, principalOf);
}

/**
 * Middleware that answers 403 to a principal that lacks one of the scopes; use it after a guard.
 * Without a guard, it throws `principal_missing`, which Koa answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
 *
 * @example
 * ```ts
 * router.post('/orders', requireScopes('orders:write'), (ctx) => {
 *   ctx.status = 201;
 * });
 * ```
 */
export function requireScopes(...scopes: string[]): KoaMiddleware {
  const check = scopeCheck(scopes);
  return async (ctx, next) => {
    const refusal = check(principalOf(ctx));
    if (refusal) refuse(ctx, refusal);
    else await next();
  };
}

/**
 * Returns the principal of the request.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
 */
export function principalOf({ state }: Pick<KoaContext<object>, 'state'>): Principal {
  return presentPrincipal((state as Partial<ApiKeyState>).principal);
}

function refuse(ctx: Pick<KoaContext, 'status' | 'set' | 'body'>, refusal: HttpRefusal): void {
  const { status, headers, body } = refusal;
  ctx.status = status;
  // Set before the body: without a content type, Koa would guess one.
  ctx.set({ ...headers });
  ctx.body = body;
}
