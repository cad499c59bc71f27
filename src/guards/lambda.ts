import { checkOneOf } from '../service/arguments.ts';
import { authenticator } from './authenticator.ts';
import { type BoundGuard, bindGuard } from './bound.ts';
import type { AnyPrincipal, GuardOptions } from './contract.ts';
import type { KeysSource } from './keys-source.ts';
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

/** What a route requires of a valid key, and the form of the answer to the gateway. */
export type AuthorizerOptions<Caller extends AnyPrincipal = AnyPrincipal> = GuardOptions<Caller> & {
  /** The form of the answer. Default: `simple` for events of payload format 2.0, `policy` for all others. */
  readonly response?: AuthorizerForm;
};

/** The guard: a handler with `requireScopes` and `principalOf`, typed by its service. */
export type LambdaGuard<Caller extends AnyPrincipal> = ((
  event: AuthorizerEvent,
) => Promise<AuthorizerPolicy | SimpleResponse>) &
  BoundGuard<Caller, AuthorizedEvent, ReturnType<typeof requireScopes>>;

/**
 * Returns the handler of a Lambda authorizer for API Gateway: REST, WebSocket and HTTP APIs. The gateway
 * passes the principal to the function, where `principalOf(event)` reads it.
 *
 * The gateway writes the response. A REST API answers 401 to a bad credential, 403 to a missing scope,
 * and 500 while the store fails. An HTTP API answers 403, 403 and 500. Set the gateway's cache of
 * authorizer results to a time to live of 0: otherwise it accepts revoked keys.
 *
 * @throws KeywrightError `invalid_argument` that names the option, when the handler is created.
 *
 * @example
 * ```ts
 * export const handler = apiKeyGuard(keys, { scopes: ['orders:read'] });
 * ```
 */
export function apiKeyGuard<Caller extends AnyPrincipal>(
  keys: KeysSource<Caller, [event: AuthorizerEvent]>,
  options: AuthorizerOptions<Caller> = {},
): LambdaGuard<Caller> {
  const { response, ...requirement } = Object(options) as typeof options;
  if (response !== undefined) checkOneOf(response, 'response', ['policy', 'simple']);
  const authenticate = authenticator(keys, requirement, eventLines);
  const guard = async (event: AuthorizerEvent) => {
    const form = response ?? (event.version === '2.0' ? 'simple' : 'policy');
    const result = await authenticate(event, event);
    return result.ok
      ? authorizerAnswer(event, form, result)
      : authorizerRefusal(event, form, result.refusal);
  };
  return bindGuard(guard, keys, requireScopes, principalOf);
}
