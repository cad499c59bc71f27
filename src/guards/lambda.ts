import { checkOneOf } from '../service/arguments.ts';
import { authenticator } from './authenticator.ts';
import type { AnyPrincipal, GuardKeys, GuardOptions } from './contract.ts';
import {
  type AuthorizerForm,
  type AuthorizerPolicy,
  authorizerAnswer,
  authorizerRefusal,
  type SimpleResponse,
} from './lambda-answer.ts';
import { type AuthorizerEvent, eventLines } from './lambda-event.ts';
import {
  type AuthorizedEvent,
  type ProxyResult,
  principalOf,
  requireScopes,
} from './lambda-function.ts';

export type { AuthorizedEvent, AuthorizerEvent, AuthorizerPolicy, ProxyResult, SimpleResponse };
export { principalOf, requireScopes };

/** What a key must have beyond being good, and how the gateway is answered. */
export type AuthorizerOptions<Caller extends AnyPrincipal = AnyPrincipal> = GuardOptions<Caller> & {
  /** Default `simple` for events of the payload format 2.0, `policy` for all others. */
  readonly response?: AuthorizerForm;
};

/**
 * The handler of a Lambda authorizer for API Gateway: REST, WebSocket and HTTP APIs. The principal
 * goes to the function behind, where `principalOf(event)` reads it.
 *
 * The gateway writes the answer. A REST API answers 401 to a credential that is not good, 403 to a
 * lacking scope, and 500 while the store fails; an HTTP API 403, 403 and 500. It must not cache what
 * this decides: a time to live of 0 is what makes a revoked key refused.
 *
 * @throws KeywrightError `invalid_argument` that names the option, when the handler is made.
 *
 * @example
 * ```ts
 * export const handler = apiKeyGuard(keys, { scopes: ['orders:read'] });
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: GuardKeys<Caller>,
  options: AuthorizerOptions<Caller> = {},
): (event: AuthorizerEvent) => Promise<AuthorizerPolicy | SimpleResponse> {
  const { response, ...requirement } = Object(options) as typeof options;
  if (response !== undefined) checkOneOf(response, 'response', ['policy', 'simple']);
  const authenticate = authenticator(keys, requirement);
  return async (event) => {
    const form = response ?? (event.version === '2.0' ? 'simple' : 'policy');
    const result = await authenticate(eventLines(event));
    return result.ok
      ? authorizerAnswer(event, form, result)
      : authorizerRefusal(event, form, result.refusal);
  };
}
