import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { whenKnown } from '../when-known.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { presentPrincipal } from './principal.ts';
import { authorizationLines, type HeaderSource } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';

/** The state of a context behind the guard, for `new Koa<ApiKeyState>()`. */
export interface ApiKeyState<Caller extends AnyPrincipal = Principal> {
  /** Whom the request speaks for. */
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

/**
 * Middleware that lets in requests with a good key, and hands on `ctx.state.principal`.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is made.
 *
 * @example
 * ```ts
 * const app = new Koa().use(apiKeyGuard(keys));
 * app.use((ctx) => {
 *   ctx.body = ctx.state.principal.owner;
 * });
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): KoaMiddleware<ApiKeyState<Caller>> {
  const authenticate = authenticator(keys, options);
  return (ctx, next) =>
    whenKnown(authenticate(authorizationLines(ctx.req)), async (result) => {
      if (!result.ok) return refuse(ctx, result.refusal);
      ctx.state.principal = result.principal;
      if (result.headers !== undefined) ctx.set({ ...result.headers });
      await next();
    });
}

/**
 * Middleware that answers 403 to a principal that lacks one of the scopes; stands after a guard.
 * Without one, the error is `principal_missing` and the answer 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
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
 * Whom the request speaks for.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 */
export function principalOf({ state }: Pick<KoaContext, 'state'>): Principal {
  return presentPrincipal(state.principal);
}

function refuse(ctx: Pick<KoaContext, 'status' | 'set' | 'body'>, refusal: HttpRefusal): void {
  const { status, headers, body } = refusal;
  ctx.status = status;
  // Before the body, whose type Koa would guess if it had none yet.
  ctx.set({ ...headers });
  ctx.body = body;
}
