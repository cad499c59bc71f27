import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
import { addHeaders, type NestContext, type NestGuard } from './nest-context.ts';
import { refusalException } from './nest-refusal.ts';
import { presentPrincipal } from './principal.ts';
import { requestLines } from './request-lines.ts';
import { scopeCheck } from './scopes.ts';

/** A request of either platform, with the principal that the guard has set. */
type Authenticated = { readonly principal?: Principal };

/** The guard of a service, with `requireScopes` and `principalOf`, typed by it. */
export type BoundNestGuard<Caller extends AnyPrincipal> = NestGuard &
  BoundGuard<Caller, Authenticated, NestGuard>;

/**
 * A guard for controllers and routes, on Express and on Fastify. It sets `request.principal`, which the
 * decorator `@ApiPrincipal()` reads.
 *
 * It throws an `HttpException`, which Nest turns into the refusal. Exception filters of the application
 * receive it. The guard denies all requests that are not HTTP.
 *
 * @param options what a route requires of a valid key: `scopes`, default none; `environments`, default
 * those of the service; `headers` that may contain the key, default Authorization
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is created.
 *
 * @example
 * ```ts
 * @Controller('orders')
 * @UseGuards(apiKeyGuard(keys))
 * class Orders {
 *   @Get()
 *   list(@ApiPrincipal() principal: Principal) {
 *     return ordersOf(principal.owner);
 *   }
 * }
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: KeysSource<Caller, [context: ExecutionContext]>,
  options: GuardOptions<Caller> = {},
): BoundNestGuard<Caller> {
  const authenticate = authenticator(keys, options, requestLines);
  const guard: NestGuard = {
    async canActivate(context) {
      if (context.getType() !== 'http') return false;
      const http = context.switchToHttp();
      const request = http.getRequest();
      const result = await authenticate(request, context as ExecutionContext);
      if (!result.ok) throw refusalException(http.getResponse(), result.refusal);
      request.principal = result.principal as Principal;
      addHeaders(http.getResponse(), result.headers);
      return true;
    },
  };
  return bindGuard(guard, keys, requireScopes, principalOf);
}

/**
 * A guard that answers 403 to a principal that lacks one of the scopes; use it after `apiKeyGuard`.
 * Without that, it throws `principal_missing`, which Nest answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
 *
 * @example
 * ```ts
 * @Post()
 * @UseGuards(requireScopes('orders:write'))
 * create() {}
 * ```
 */
export function requireScopes(...scopes: string[]): NestGuard {
  const check = scopeCheck(scopes);
  return {
    async canActivate(context) {
      if (context.getType() !== 'http') return false;
      const http = context.switchToHttp();
      const refusal = check(principalOf(http.getRequest()));
      if (refusal) throw refusalException(http.getResponse(), refusal);
      return true;
    },
  };
}

/**
 * Returns the principal of a request of Express or of Fastify.
 *
 * @throws KeywrightError `principal_missing` if no guard has authenticated the request.
 */
export function principalOf({ principal }: Authenticated): Principal {
  return presentPrincipal(principal);
}

const principalParameter = /* @__PURE__ */ createParamDecorator(
  (_data: unknown, context: NestContext) => principalOf(context.switchToHttp().getRequest()),
);

/** Parameter decorator for the principal of the request. Without a guard, the response is a 500. */
export function ApiPrincipal(): ParameterDecorator {
  return principalParameter();
}
