/** An expected response, written out here instead of taken from the code under test. */
export interface ExpectedAnswer {
  readonly status: number;
  /** The library's own headers; one that is `undefined` must be absent. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** RFC 9110 §11.6.1 and §15.5.2: the default refusal of `createApiKeys`. */
export const UNAUTHORIZED: ExpectedAnswer = {
  status: 401,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'www-authenticate': 'Bearer realm="api"',
    'content-length': '102',
    'retry-after': undefined,
  },
  body: '{"error":"unauthorized","message":"Provide a valid API key via `Authorization: Bearer <key>` header."}',
};

export const MANAGE_URL = 'https://www.proon.ai/app/settings/api-keys';

/** The refusal of the specification that the library implements, with the address above. */
export const UNAUTHORIZED_WITH_URL: ExpectedAnswer = {
  status: 401,
  headers: { ...UNAUTHORIZED.headers, 'content-length': '161' },
  body: '{"error":"unauthorized","message":"Provide a valid API key via `Authorization: Bearer <key>` header. Manage keys at https://www.proon.ai/app/settings/api-keys."}',
};

/** RFC 9110 §15.6.4: keys cannot be checked. */
export const UNAVAILABLE: ExpectedAnswer = {
  status: 503,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'www-authenticate': undefined,
    'content-length': '92',
    'retry-after': '1',
  },
  body: '{"error":"unavailable","message":"API keys cannot be checked right now. Try again shortly."}',
};

/** RFC 6750 §3.1: a valid key that lacks a scope. */
export function insufficientScope(scopes: string, realm = 'api'): ExpectedAnswer {
  return {
    status: 403,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'www-authenticate': `Bearer realm="${realm}", error="insufficient_scope", scope="${scopes}"`,
      'content-length': '93',
      'retry-after': undefined,
    },
    body: '{"error":"insufficient_scope","message":"The API key lacks a scope that this request needs."}',
  };
}
