import type { AuthorizedEvent, AuthorizerEvent } from 'keywright/lambda';

/** One of the forms in which API Gateway calls an authorizer, and what it then gives the function. */
export interface Form {
  readonly isRest: boolean;
  readonly isSimple: boolean;
  /** Whether the event can hold two Authorization lines. */
  readonly holdsLines: boolean;
  event(lines: readonly string[]): AuthorizerEvent;
  behind(context: unknown): AuthorizedEvent;
}

const ARN = 'arn:aws:execute-api:eu-central-1:123456789012:abcdef123/live/GET/orders';

const request = {
  resource: '/orders',
  path: '/orders',
  httpMethod: 'GET',
  queryStringParameters: {},
  pathParameters: {},
  stageVariables: {},
  requestContext: { apiId: 'abcdef123', stage: 'live', path: '/live/orders' },
};

/** The last of several values, as `headers` of REST APIs has it. */
function single(name: string, lines: readonly string[]) {
  const value = lines.at(-1);
  return value === undefined ? {} : { [name]: value };
}

/** Several values joined, as HTTP APIs have them. */
function joined(name: string, lines: readonly string[]) {
  return lines.length === 0 ? {} : { [name]: lines.join(',') };
}

const inContext = (authorizer: unknown) =>
  ({ requestContext: { authorizer } }) as unknown as AuthorizedEvent;

const rest = { isRest: true, isSimple: false, behind: inContext };

export const FORMS: Readonly<Record<string, Form>> = {
  'a REST API, TOKEN': {
    ...rest,
    holdsLines: false,
    event: ([authorizationToken]) => ({
      type: 'TOKEN',
      methodArn: ARN,
      ...(authorizationToken === undefined ? {} : { authorizationToken }),
    }),
  },
  'a REST API, REQUEST': {
    ...rest,
    holdsLines: true,
    event: (lines) => ({
      ...request,
      type: 'REQUEST',
      methodArn: ARN,
      headers: { Host: 'api.example.com', 'X-Api-Key': 'x', ...single('Authorization', lines) },
      multiValueHeaders: {
        Host: ['api.example.com'],
        'X-Api-Key': ['x'],
        ...(lines.length === 0 ? {} : { Authorization: [...lines] }),
      },
    }),
  },
  'a REST API, REQUEST, names in other cases': {
    ...rest,
    holdsLines: true,
    event: ([first, ...more]) => ({
      ...request,
      type: 'REQUEST',
      methodArn: ARN,
      headers: { authorization: first, ...single('AUTHORIZATION', more) },
      multiValueHeaders: {
        ...(first === undefined ? {} : { authorization: [first] }),
        ...(more.length === 0 ? {} : { AUTHORIZATION: more }),
      },
    }),
  },
  'a WebSocket API, $connect': {
    ...rest,
    holdsLines: true,
    event: (lines) => ({
      type: 'REQUEST',
      methodArn: `${ARN.slice(0, -10)}$connect`,
      headers: single('Authorization', lines),
      multiValueHeaders: lines.length === 0 ? {} : { Authorization: [...lines] },
      requestContext: { routeKey: '$connect', eventType: 'CONNECT', connectionId: 'x' },
    }),
  },
  'an HTTP API, payload 1.0': {
    isRest: false,
    isSimple: false,
    holdsLines: true,
    event: (lines) => ({
      ...request,
      version: '1.0',
      type: 'REQUEST',
      methodArn: ARN,
      identitySource: '',
      authorizationToken: '',
      headers: joined('Authorization', lines),
    }),
    behind: inContext,
  },
  'an HTTP API, payload 2.0': {
    isRest: false,
    isSimple: true,
    holdsLines: true,
    event: (lines) => ({
      version: '2.0',
      type: 'REQUEST',
      routeArn: ARN,
      identitySource: [],
      routeKey: 'GET /orders',
      rawPath: '/orders',
      rawQueryString: '',
      cookies: [],
      headers: { host: 'api.example.com', ...joined('authorization', lines) },
      requestContext: { apiId: 'abcdef123', http: { method: 'GET', path: '/orders' } },
    }),
    behind: (lambda) => inContext({ lambda }),
  },
};
