import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';

/** An answer on plain values, to be written by whatever framework there is. */
export interface HttpRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the 401 says. */
export interface UnauthorizedOptions {
  /** The protection space that the challenge names. Default `api`. */
  readonly realm?: string;
  /** Where people manage their keys; the message then points there. An `http` or `https` address. */
  readonly manageUrl?: string;
  /** The message in the place of the default one; excludes `manageUrl`. */
  readonly message?: string;
}

/**
 * The one answer to a credential that is not good, whatever is wrong with it: 401.
 *
 * The challenge carries no `error` (RFC 6750 §3 would have one for a token that was sent): it
 * would tell an absent credential from a wrong one.
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
  // RFC 9110 §5.6.4: a quoted-string; the two characters that would need a backslash are refused.
  if (typeof realm !== 'string' || !/^[ !#-[\]-~]{1,100}$/.test(realm)) {
    throw invalid(
      'realm',
      'must be 1 to 100 printable ASCII characters without quote and backslash',
    );
  }
  return refusal(401, 'unauthorized', messageOf(manageUrl, message), {
    // RFC 9110 §11.6.1: a 401 carries a challenge.
    'WWW-Authenticate': `Bearer realm="${realm}"`,
  });
}

/** The answer to a good key that lacks a scope: 403 (RFC 6750 §3.1). */
export function insufficientScope(
  { headers }: HttpRefusal,
  scopes: readonly string[],
): HttpRefusal {
  const named = Object.entries(headers).find(([name]) => /^www-authenticate$/i.test(name));
  const challenge = named?.[1] ?? 'Bearer realm="api"';
  // RFC 9110 §11.6.1: commas part the parameters, and a space the first of them from the scheme.
  const comma = /(^|,)\s*[\w-]+\s*$/.test(challenge) ? '' : ',';
  return refusal(403, 'insufficient_scope', 'The API key lacks a scope that this request needs.', {
    'WWW-Authenticate': `${challenge}${comma} error="insufficient_scope", scope="${scopes.join(' ')}"`,
  });
}

/** The answer when nothing can be known of a key: 503 (RFC 9110 §15.6.4), to be tried again. */
export const unavailable: HttpRefusal = /* @__PURE__ */ refusal(
  503,
  'unavailable',
  'API keys cannot be checked right now. Try again shortly.',
  { 'Retry-After': '1' },
);

function messageOf(manageUrl: string | undefined, message: string | undefined): string {
  if (message !== undefined) {
    if (typeof message !== 'string' || message === '') throw invalid('message', 'must be a text');
    if (manageUrl !== undefined)
      throw invalid('manageUrl', 'has no place beside a message of your own');
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
