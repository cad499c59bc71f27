import type { HttpRefusal } from '../http/refusal.ts';
import type { AnyPrincipal } from './contract.ts';
import type { AuthorizerEvent } from './lambda-event.ts';

/** An IAM policy for one request, which every kind of API accepts. */
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

/** The simple response, which HTTP APIs accept if it is enabled. */
export interface SimpleResponse {
  readonly isAuthorized: boolean;
  readonly context?: AuthorizerContext;
}

/**
 * The data that the gateway passes to the function: the principal and, for a key that has been replaced,
 * response headers. The principal is JSON, because REST APIs pass only strings, numbers and booleans.
 */
interface AuthorizerContext {
  readonly principal: string;
  readonly Deprecation?: string;
  readonly Sunset?: string;
}

/** The accepted principal. */
export interface AcceptedCaller {
  readonly principal: AnyPrincipal;
  readonly headers?: Readonly<Record<string, string>>;
}

export type AuthorizerForm = 'policy' | 'simple';

/** Returns the answer that allows a request, or denies it with 403. */
export function authorizerAnswer(
  { routeArn, methodArn }: AuthorizerEvent,
  form: AuthorizerForm,
  accepted: AcceptedCaller | undefined,
): AuthorizerPolicy | SimpleResponse {
  const context = accepted && {
    context: { principal: JSON.stringify(accepted.principal), ...accepted.headers },
  };
  if (form === 'simple') return { isAuthorized: accepted !== undefined, ...context };
  const statement = {
    Action: 'execute-api:Invoke',
    Effect: accepted ? 'Allow' : 'Deny',
    Resource: routeArn ?? methodArn ?? '',
  } as const;
  return {
    principalId: accepted?.principal.keyId ?? 'unauthorized',
    policyDocument: { Version: '2012-10-17', Statement: [statement] },
    ...context,
  };
}

/**
 * Returns the answer that denies a request, or throws the error with which the authorizer fails.
 *
 * A REST API answers 401 if the error is exactly `Unauthorized`. To any other error, it answers with its
 * gateway response `AUTHORIZER_FAILURE`. HTTP APIs answer 500 to every error, so a bad credential is denied
 * with 403 there, like a missing scope.
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
