import type { Principal } from '../record.ts';
import { presentPrincipal } from './principal.ts';
import { scopeCheck } from './scopes.ts';

/** The part of the event behind an authorizer that holds the principal, in all its forms. */
export interface AuthorizedEvent {
  readonly requestContext: {
    readonly authorizer?: (AuthorizerResult & { readonly lambda?: AuthorizerResult | null }) | null;
  };
}

interface AuthorizerResult {
  readonly principal?: unknown;
}

/** An answer of a function to API Gateway, in both payload formats. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Answers 403 to a principal that lacks one of the scopes: around the handler of a function behind
 * the authorizer. Without one, it throws `principal_missing`, which the gateway answers with 500.
 *
 * @throws KeywrightError `invalid_argument` for a wrong scope, or for none at all.
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
 * Whom the request speaks for, in the function behind the authorizer.
 *
 * @throws KeywrightError `principal_missing` where no authorizer has let it in.
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
