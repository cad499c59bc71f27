import type { HttpRefusal } from '../http/refusal.ts';
import type { AnyPrincipal } from './contract.ts';
import type { AuthorizerEvent } from './lambda-event.ts';

/** An IAM policy for the one request, which every kind of API takes. */
export interface AuthorizerPolicy {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      {
        readonly Action: 'execute-api:Invoke';
        readonly Effect: 'Allow' | 'Deny';
        readonly Resource: string;
      },
    ];
  };
  readonly context?: AuthorizerContext;
}

/** The simple response, which HTTP APIs take where it is enabled. */
export interface SimpleResponse {
  readonly isAuthorized: boolean;
  readonly context?: AuthorizerContext;
}

/**
 * What the gateway hands on: as JSON, for REST APIs hand on texts, numbers and booleans alone. Beside
 * the principal, the header lines for the answer to a key that has been replaced.
 */
interface AuthorizerContext {
  readonly principal: string;
  readonly Deprecation?: string;
  readonly Sunset?: string;
}

/** Whom to let in. */
export interface Admitted {
  readonly principal: AnyPrincipal;
  readonly headers?: Readonly<Record<string, string>>;
}

export type AuthorizerForm = 'policy' | 'simple';

/** The answer that lets a request in, or keeps it out with 403. */
export function authorizerAnswer(
  { routeArn, methodArn }: AuthorizerEvent,
  form: AuthorizerForm,
  admitted: Admitted | undefined,
): AuthorizerPolicy | SimpleResponse {
  const context = admitted && {
    context: { principal: JSON.stringify(admitted.principal), ...admitted.headers },
  };
  if (form === 'simple') return { isAuthorized: admitted !== undefined, ...context };
  const statement = {
    Action: 'execute-api:Invoke',
    Effect: admitted ? 'Allow' : 'Deny',
    Resource: routeArn ?? methodArn ?? '',
  } as const;
  return {
    principalId: admitted?.principal.keyId ?? 'unauthorized',
    policyDocument: { Version: '2012-10-17', Statement: [statement] },
    ...context,
  };
}

/**
 * The answer that keeps a request out, or the error to fail with.
 *
 * A REST API answers 401 where the error says `Unauthorized`, to the letter, and its gateway
 * response `AUTHORIZER_FAILURE` to any other. HTTP APIs answer 500 to every error, so there a
 * credential that is not good is 403 like a lacking scope.
 */
export function authorizerRefusal(
  event: AuthorizerEvent,
  form: AuthorizerForm,
  { status }: HttpRefusal,
): AuthorizerPolicy | SimpleResponse {
  if (status === 503) throw new Error('Unavailable');
  if (status === 401 && event.version === undefined) throw new Error('Unauthorized');
  return authorizerAnswer(event, form, undefined);
}
