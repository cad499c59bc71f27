import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HttpRefusal } from '../http/refusal.ts';
import type { Principal } from '../record.ts';
import { whenKnown } from '../when-known.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { presentPrincipal } from './principal.ts';
import type { HeaderSource } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';
import { webLines } from './web-lines.ts';

/** The variables of a context behind the guard, for `new Hono<{ Variables: ApiKeyVariables }>()`. */
export interface ApiKeyVariables<Caller extends AnyPrincipal = Principal> {
  /** Whom the request speaks for. */
  principal: Caller;
}

/**
 * Middleware that lets in requests with a good key, and hands on `c.get('principal')`.
 *
 * On `@hono/node-server` raw header lines are counted. Other runtimes join two Authorization lines
 * by a comma, and the comma refuses.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is made.
 *
 * @example
 * ```ts
 * const app = new Hono()
 *   .use('/api/*', apiKeyGuard(keys))
 *   .get('/api/me', (c) => c.json(c.get('principal')));
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): MiddlewareHandler<{ Variables: ApiKeyVariables<Caller> }> {
  const authenticate = authenticator(keys, options);
  return (c, next) =>
    whenKnown(authenticate(webLines(c.req.raw, incomingOf(c.env))), async (result) => {
      if (!result.ok) return refuse(c, result.refusal);
      c.set('principal', result.principal);
      await next();
      // After the answer is there: a `Response` that a handler makes itself has only what is added then.
      for (const name in result.headers) c.header(name, result.headers[name]);
      return undefined;
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
 * app.post('/api/orders', requireScopes('orders:write'), (c) => c.text('created', 201));
 * ```
 */
export function requireScopes(...scopes: string[]): MiddlewareHandler {
  const check = scopeCheck(scopes);
  return async (c, next) => {
    const refusal = check(principalOf(c));
    return refusal ? refuse(c, refusal) : next();
  };
}

/**
 * Whom the request speaks for.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 *
 * @example
 * ```ts
 * app.get('/api/me', (c) => c.text(principalOf(c).owner));
 * ```
 */
export function principalOf(c: Context): Principal {
  return presentPrincipal(c.get('principal'));
}

/** Node's own request, which `@hono/node-server` gives among the bindings. */
function incomingOf(env: unknown): Partial<HeaderSource> | undefined {
  return (env as { readonly incoming?: Partial<HeaderSource> } | undefined)?.incoming;
}

/** Through the context, so that headers which the host has set for every answer go out too. */
function refuse(c: Context, { status, headers, body }: HttpRefusal): Response {
  return c.body(body, status as ContentfulStatusCode, headers);
}
