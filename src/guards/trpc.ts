import type { TRPCMiddlewareFunction } from '@trpc/server';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import { type AnyRequest, requestLines } from './request-lines.ts';
import { scopeCheck } from './scopes.ts';
import { returnRefusals } from './trpc-bytes.ts';
import { refusalError, rememberHeaders, responseMeta } from './trpc-envelope.ts';

export { responseMeta, returnRefusals };

/** The part of the context that the guard needs: the request that the adapter's `createContext` receives. */
export interface ApiKeyContext {
  /** A request of `node:http`, Express, Fastify or Web standards. */
  readonly req: AnyRequest;
}

/** Middleware of tRPC that adds to any context. */
export type ApiKeyMiddleware<
  Added,
  Context extends ApiKeyContext = ApiKeyContext,
> = TRPCMiddlewareFunction<Context, unknown, object, Added, unknown>;

/** The guard: middleware with `requireScopes` and `principalOf`, typed by its service. */
export type TrpcGuard<
  Caller extends AnyPrincipal,
  Context extends ApiKeyContext = ApiKeyContext,
> = ApiKeyMiddleware<{ principal: Caller }, Context> &
  BoundGuard<Caller, object, ApiKeyMiddleware<object>>;

/**
 * Middleware for procedures that authenticates calls, and sets `ctx.principal`.
 *
 * It throws refusals as errors of tRPC: `UNAUTHORIZED` for any fault of the credential, `FORBIDDEN` for a
 * missing scope, `SERVICE_UNAVAILABLE` if the store fails. `returnRefusals` sends them byte for byte as the
 * other guards do.
 *
 * The guard counts raw header lines if `req` is Node's or Fastify's. A request on Web standards has joined
 * two Authorization lines with a comma, and the guard refuses a value with a comma.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is created.
 *
 * @example
 * ```ts
 * const t = initTRPC.context<ApiKeyContext>().create();
 * const guarded = t.procedure.use(apiKeyGuard(keys));
 * const router = t.router({ me: guarded.query(({ ctx }) => ctx.principal.owner) });
 * createHTTPServer({ router, createContext: ({ req }) => ({ req }) });
 * ```
 */
export function apiKeyGuard<
  Caller extends AnyPrincipal,
  Context extends ApiKeyContext = ApiKeyContext,
>(
  keys: KeysSource<Caller, [ctx: Context]>,
  options: GuardOptions<Caller> = {},
): TrpcGuard<Caller, Context> {
  const authenticate = authenticator(keys, options, requestLines);
  const guard: ApiKeyMiddleware<{ principal: Caller }> = async ({ ctx, next }) => {
    const result = await authenticate(ctx.req, ctx as Context);
    if (!result.ok) throw refusalError(ctx.req, result.refusal);
    rememberHeaders(ctx.req, result.headers);
    return next({ ctx: { principal: result.principal } });
  };
  const typed = guard as ApiKeyMiddleware<{ principal: Caller }, Context>;
  return bindGuard(typed, keys, requireScopes, principalOf);
}

/**
 * Middleware that refuses a principal that lacks one of the scopes; use it after a guard. Without a guard,
 * it throws `principal_missing`, which tRPC answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
 *
 * @example
 * ```ts
 * const write = guarded.use(requireScopes('orders:write'));
 * ```
 */
export function requireScopes(...scopes: string[]): ApiKeyMiddleware<object> {
  const check = scopeCheck(scopes);
  return async ({ ctx, next }) => {
    const refusal = check(principalOf(ctx));
    if (refusal) throw refusalError(ctx.req, refusal);
    return next();
  };
}

/**
 * Returns the principal of a call, for code that has the context without its type.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
 */
export function principalOf(ctx: object): Principal {
  return presentPrincipal((ctx as { readonly principal?: Principal }).principal);
}
