import type { Context, Env, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HttpRefusal } from '../http/refusal.ts';
import { andThen } from '../maybe-promise.ts';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { presentPrincipal } from './principal.ts';
import type { HeaderSource } from './raw-lines.ts';
import { scopeCheck } from './scopes.ts';
import { webLines } from './web-lines.ts';

/** The variables of a context behind the guard, for `new Hono<{ Variables: ApiKeyVariables }>()`. */
export interface ApiKeyVariables<Caller extends AnyPrincipal = Principal> {
  /** The principal of the request. */
  principal: Caller;
}

/** The bindings of a context without declared bindings, as Hono types them. */
interface UnknownBindings {
  Bindings: Context['env'];
}

/** The environment that a guard requires of the app: none if its bindings are unknown. */
type RequiredEnv<AppEnv extends Env> = unknown extends AppEnv['Bindings'] ? object : AppEnv;

/** The guard: middleware with `requireScopes` and `principalOf`, typed by its service. */
export type HonoGuard<Caller extends AnyPrincipal, AppEnv extends Env = Env> = MiddlewareHandler<
  AppEnv & { Variables: ApiKeyVariables<Caller> }
> &
  BoundGuard<Caller, Context, MiddlewareHandler>;

/**
 * Middleware that authenticates requests, and sets `c.get('principal')`.
 *
 * On `@hono/node-server`, the guard counts raw header lines. Other runtimes join two Authorization lines
 * with a comma, and the guard refuses a value with a comma.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is created.
 *
 * @example
 * ```ts
 * const app = new Hono()
 *   .use('/api/*', apiKeyGuard(keys))
 *   .get('/api/me', (c) => c.json(c.get('principal')));
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal, AppEnv extends Env = UnknownBindings>(
  keys: KeysSource<Caller, [c: Context<AppEnv>]>,
  options: GuardOptions<Caller> = {},
): HonoGuard<Caller, RequiredEnv<AppEnv>> {
  const authenticate = authenticator(keys, options, linesOf);
  const guard: MiddlewareHandler = (c, next) =>
    andThen(authenticate(c, c), async (result) => {
      if (!result.ok) return refuse(c, result.refusal);
      c.set('principal', result.principal);
      await next();
      // After the handler: headers that were set before are not added to a `Response` that it created.
      for (const name in result.headers) c.header(name, result.headers[name]);
      return undefined;
    });
  return bindGuard(
    guard as HonoGuard<Caller, RequiredEnv<AppEnv>>,
    keys,
    requireScopes,
    principalOf,
  );
}

/**
 * Middleware that answers 403 to a principal that lacks one of the scopes; use it after a guard.
 * Without a guard, it throws `principal_missing`, which Hono answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
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
 * Returns the principal of the request.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
 *
 * @example
 * ```ts
 * app.get('/api/me', (c) => c.text(principalOf(c).owner));
 * ```
 */
export function principalOf(c: Context): Principal {
  return presentPrincipal(c.get('principal'));
}

function linesOf({ req, env }: Context, name: string) {
  return webLines(req.raw, name, incomingOf(env));
}

/** Returns Node's own request, which `@hono/node-server` adds to the bindings. */
function incomingOf(env: unknown): Partial<HeaderSource> | undefined {
  return (env as { readonly incoming?: Partial<HeaderSource> } | undefined)?.incoming;
}

/** Responds through the context, so that headers that the application sets on it are sent too. */
function refuse(c: Context, { status, headers, body }: HttpRefusal): Response {
  return c.body(body, status as ContentfulStatusCode, headers);
}
