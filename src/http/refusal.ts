import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';

/** A response as plain values, for any framework. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Options of {@link unauthorized}. */
export interface UnauthorizedOptions {
  /** The `realm` of the `WWW-Authenticate` challenge. Default `api`. */
  readonly realm?: string;
  /** The `http` or `https` address where people manage their keys. The default message then names it. */
  readonly manageUrl?: string;
  /** Replaces the default message. Cannot be combined with `manageUrl`. */
  readonly message?: string;
}

/**
 * Returns the response to a bad credential: a 401, the same for every fault.
 *
 * The challenge has no `error`, although RFC 6750 §3 defines one for a token that was sent: it would
 * distinguish an invalid credential from an absent one.
 *
 * @example
 * ```ts
 * const { status, headers, body } = unauthorized({ manageUrl: 'https://example.com/keys' });
 * return new Response(body, { status, headers });
 * ```
 * @throws KeywrightError `invalid_argument` that names the option.
 */
export function unauthorized(options: UnauthorizedOptions = {}): HttpRefusal {
  checkFields(options, 'unauthorized', ['realm', 'manageUrl', 'message']);
  const { realm = 'api', manageUrl, message } = options;
  // RFC 9110 §5.6.4: a quoted-string. The two characters that would need a backslash are rejected.
  if (typeof realm !== 'string' || !/^[ !#-[\]-~]{1,100}$/.test(realm)) {
    throw invalid(
      'realm',
      'must be 1 to 100 printable ASCII characters without quote and backslash',
    );
  }
  return refusal(401, 'unauthorized', messageOf(manageUrl, message), {
    // RFC 9110 §11.6.1: a 401 must have a challenge.
    'WWW-Authenticate': `Bearer realm="${realm}"`,
  });
}

/** Returns the response to a valid key that lacks a scope: 403 (RFC 6750 §3.1). */
export function insufficientScope(
  { headers }: HttpRefusal,
  scopes: readonly string[],
): HttpRefusal {
  const named = Object.entries(headers).find(([name]) => /^www-authenticate$/i.test(name));
  const challenge = named?.[1] ?? 'Bearer realm="api"';
  // RFC 9110 §11.6.1: commas separate the parameters; a space separates the first from the scheme.
  const comma = /(^|,)\s*[\w-]+\s*$/.test(challenge) ? '' : ',';
  return refusal(403, 'insufficient_scope', 'The API key lacks a scope that this request needs.', {
    'WWW-Authenticate': `${challenge}${comma} error="insufficient_scope", scope="${scopes.join(' ')}"`,
  });
}

/** The response while the store fails: 503 (RFC 9110 §15.6.4), with the time to retry. */
export const unavailable: HttpRefusal = /* @__PURE__ */ refusal(
  503,
  'unavailable',
  'API keys cannot be checked right now. Try again shortly.',
  { 'Retry-After': '1' },
);

function messageOf(manageUrl: string | undefined, message: string | undefined): string {
  if (message !== undefined) {
    if (typeof message !== 'string' || message === '')
      throw invalid('message', 'must be a non-empty string');
    if (manageUrl !== undefined)
      throw invalid('manageUrl', 'must be left out if there is a message');
    return message;
  }
  const provide = 'Provide a valid API key via `Authorization: Bearer <key>` header.';
  if (manageUrl === undefined) return provide;
  if (!isWebAddress(manageUrl)) throw invalid('manageUrl', 'must be an http or https address');
  return `${provide} Manage keys at ${manageUrl}.`;
}

function isWebAddress(text: unknown): boolean {
  return typeof text === 'string' && /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}

function refusal(
  status: number,
  error: string,
  message: string,
  headers: Readonly<Record<string, string>>,
): HttpRefusal {
  const body = JSON.stringify({ error, message });
  return Object.freeze({
    status,
    headers: Object.freeze({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      ...headers,
      'Content-Length': String(new TextEncoder().encode(body).length),
    }),
    body,
  });
}
