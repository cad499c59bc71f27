import type { AuthorizationLines } from '../http/credentials.ts';

type Headers = Readonly<Record<string, string | undefined>>;
type MultiValueHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * What API Gateway gives to a Lambda authorizer, in all its forms: `TOKEN` and `REQUEST` of REST
 * APIs, `REQUEST` of WebSocket APIs, and the payload formats 1.0 and 2.0 of HTTP APIs.
 */
export interface AuthorizerEvent {
  readonly type: string;
  /** Of HTTP APIs alone. */
  readonly version?: string;
  readonly methodArn?: string;
  readonly routeArn?: string;
  /** Of `TOKEN` alone. */
  readonly authorizationToken?: string;
  readonly headers?: Headers | null;
  readonly multiValueHeaders?: MultiValueHeaders | null;
}

/**
 * The Authorization lines of an event. Where the gateway gives one text, it has joined two lines by
 * a comma or dropped one; the comma refuses.
 */
export function eventLines(event: AuthorizerEvent): AuthorizationLines {
  if (event.type === 'TOKEN') return event.authorizationToken;
  const { headers, multiValueHeaders } = event;
  // `headers` of a REST API holds the last of several values: only the other has them all.
  const fields = Object.entries(multiValueHeaders ?? headers ?? {});
  return fields
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .flatMap(([, value]) => value ?? []);
}
