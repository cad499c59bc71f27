import type { Principal } from '../record.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import { addHeaders, httpGuard, type NestGuard } from './nest-context.ts';
import { parameterDecorator } from './nest-parameter.ts';
import { presentPrincipal } from './principal.ts';
import { requestLines } from './request-lines.ts';
import { scopeCheck } from './scopes.ts';

export type { NestGuard };

/**
 * A guard for controllers and routes, on Express and on Fastify. It hands on `request.principal`,
 * which the decorator `@ApiPrincipal()` reads.
 *
 * What it refuses it answers itself, so no exception is thrown and no exception filter runs. It lets
 * nobody in who does not come over HTTP.
 *
 * @param options what a key must have beyond being good: `scopes`, default none; `environments`,
 * default those of the service
 * @throws KeywrightError `invalid_argument` that names the option, when the guard is made.
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
  keys: GuardKeys<Caller>,
  options: GuardOptions<Caller> = {},
): NestGuard {
  const authenticate = authenticator(keys, options);
  return httpGuard(async (request, response) => {
    const result = await authenticate(requestLines(request));
    if (!result.ok) return result.refusal;
    request.principal = result.principal as Principal;
    addHeaders(response, result.headers);
    return undefined;
  });
}

/**
 * A guard that answers 403 to a principal that lacks one of the scopes; stands after `apiKeyGuard`.
 * Without one, the error is `principal_missing` and the answer 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
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
  return httpGuard(async (request) => check(principalOf(request)));
}

/**
 * Whom the request speaks for: a request of Express or of Fastify.
 *
 * @throws KeywrightError `principal_missing` where no guard has let it in.
 */
export function principalOf({ principal }: { readonly principal?: Principal }): Principal {
  return presentPrincipal(principal);
}

/** Parameter decorator: whom the request speaks for. Behind no guard, the answer is 500. */
export function ApiPrincipal(): ParameterDecorator {
  return parameterDecorator((_data, context) => principalOf(context.switchToHttp().getRequest()));
}
