import type { TRPCMiddlewareFunction } from '@trpc/server';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { presentPrincipal } from './principal.ts';
import { type AnyRequest, requestLines } from './request-lines.ts';
import { scopeCheck } from './scopes.ts';
import { returnRefusals, sendRefusals } from './trpc-bytes.ts';
import { refusalError, rememberHeaders, responseMeta } from './trpc-envelope.ts';

export { responseMeta, returnRefusals, sendRefusals };

/** What the guard needs of the context: the request, as `createContext` of the adapter is given it. */
export interface ApiKeyContext {
  /** Of `node:http`, Express, Fastify or Web standards. */
  readonly req: AnyRequest;
}

/** Middleware of tRPC that adds to the context, whatever else that holds. */
export type ApiKeyMiddleware<Added> = TRPCMiddlewareFunction<
  ApiKeyContext,
  unknown,
  object,
  Added,
  unknown
>;

/**
 * Middleware for procedures that lets in calls with a good key, and hands on `ctx.principal`.
 *
 * It throws what it refuses as an error of tRPC, which is the same whatever was wrong with the
 * credential: `UNAUTHORIZED`, `FORBIDDEN` or `SERVICE_UNAVAILABLE`. `sendRefusals` and
 * `returnRefusals` have it answered byte for byte as by the other guards.
 *
 * Raw header lines are counted where `req` is Node's or Fastify's. One on Web standards has joined
 * two Authorization lines by a comma, and the comma refuses.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is made.
 *
 * @example
 * ```ts
 * const t = initTRPC.context<ApiKeyContext>().create();
 * const guarded = t.procedure.use(apiKeyGuard(keys));
 * const router = t.router({ me: guarded.query(({ ctx }) => ctx.principal.owner) });
 * createHTTPServer({ router, createContext: ({ req }) => ({ req }) });
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): ApiKeyMiddleware<{ principal: Caller }> {
  const authenticate = authenticator(keys, options);
  return async ({ ctx, next }) => {
    const result = await authenticate(requestLines(ctx.req));
    if (!result.ok) throw refusalError(ctx.req, result.refusal);
    rememberHeaders(ctx.req, result.headers);
    return next({ ctx: { principal: result.principal } });
  };
}

/**
 * Middleware that refuses a principal that lacks one of the scopes; stands after a guard. Without
 * one, the error is `principal_missing`, which tRPC answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
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
 * Whom a call speaks for, where code has the context and not its type.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 */
export function principalOf(ctx: object): Principal {
  return presentPrincipal((ctx as { readonly principal?: Principal }).principal);
}
