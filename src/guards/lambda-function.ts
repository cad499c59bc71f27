import type { Principal } from '../record.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';

/** The part of the event behind an authorizer that contains the principal, in all its forms. */
export interface AuthorizedEvent {
  readonly requestContext: {
    readonly authorizer?: (AuthorizerResult & { readonly lambda?: AuthorizerResult | null }) | null;
  };
}

interface AuthorizerResult {
  readonly principal?: unknown;
}

/** A response of a function to API Gateway, in both payload formats. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Wraps the handler of a function behind the authorizer, and answers 403 to a principal that lacks one of
 * the scopes. Without an authorizer, it throws `principal_missing`, which the gateway answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for an invalid scope, or without any scope.
 *
 * @example
 * ```ts
 * export const handler = requireScopes('orders:write')(async (event) => ({ statusCode: 201 }));
 * ```
 */
export function requireScopes(...scopes: string[]) {
  const check = scopeCheck(scopes);
  return <Event extends AuthorizedEvent, Rest extends unknown[], Result>(
    handler: (event: Event, ...rest: Rest) => Result | Promise<Result>,
  ): ((event: Event, ...rest: Rest) => Promise<Result | ProxyResult>) =>
    async (event, ...rest) => {
      const refusal = check(principalOf(event));
      if (refusal === undefined) return handler(event, ...rest);
      const { status: statusCode, headers, body } = refusal;
      return { statusCode, headers: { ...headers }, body };
    };
}

/**
 * Returns the principal of the request, in the function behind the authorizer.
 *
 * @throws KeywrightError `principal_missing` if no authorizer has authenticated the request.
 *
 * @example
 * ```ts
 * export const handler = async (event: AuthorizedEvent) => ({ body: principalOf(event).owner });
 * ```
 */
export function principalOf({ requestContext: { authorizer } }: AuthorizedEvent): Principal {
  const { principal } = authorizer?.lambda ?? authorizer ?? {};
  return presentPrincipal(typeof principal === 'string' ? JSON.parse(principal) : undefined);
}
