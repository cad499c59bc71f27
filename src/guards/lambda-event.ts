import type { AuthorizationLines } from '../http/credentials.ts';

type Headers = Readonly<Record<string, string | undefined>>;
type MultiValueHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The event that API Gateway passes to a Lambda authorizer, in all its forms: `TOKEN` and `REQUEST` of REST
 * APIs, `REQUEST` of WebSocket APIs, and the payload formats 1.0 and 2.0 of HTTP APIs.
 */
export interface AuthorizerEvent {
  readonly type: string;
  /** Only for HTTP APIs. */
  readonly version?: string;
  readonly methodArn?: string;
  readonly routeArn?: string;
  /** Only for `TOKEN`. */
  readonly authorizationToken?: string;
  readonly headers?: Headers | null;
  readonly multiValueHeaders?: MultiValueHeaders | null;
}

/**
 * Returns the field lines of one header of an event. If the gateway passes two lines as one string, it has
 * dropped one, or joined them with a comma. The guard refuses a value with a comma. A `TOKEN` event has only
 * one header, which counts as Authorization.
 *
 * @param name in lower case
 */
export function eventLines(event: AuthorizerEvent, name: string): AuthorizationLines {
  if (event.type === 'TOKEN') {
    return name === 'authorization' ? event.authorizationToken : undefined;
  }
  const { headers, multiValueHeaders } = event;
  // `headers` of a REST API has only the last of several values; `multiValueHeaders` has all.
  const fields = Object.entries(multiValueHeaders ?? headers ?? {});
  return fields.filter(([sent]) => sent.toLowerCase() === name).flatMap(([, value]) => value ?? []);
}
