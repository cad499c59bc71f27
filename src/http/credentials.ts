import { isAlphanumeric } from '../token/alphanumeric.ts';
import type { RefusalReason } from '../verify.ts';

/** The Authorization header as a framework passes it: its field lines, or one string. */
export type AuthorizationLines = readonly string[] | string | undefined;

/**
 * Field lines by the lower-case name of their header, such as `headersDistinct` of `node:http`. An absent
 * header is left out, `undefined` or an empty array.
 */
export type HeaderLines = { readonly [name: string]: AuthorizationLines };

/** The field lines that a request presents: those of Authorization, or those of several headers. */
export type PresentedLines = AuthorizationLines | HeaderLines;

/** The headers that are read by default. */
export const AUTHORIZATION_ONLY: readonly string[] = Object.freeze(['authorization']);

/** The token that a request presents, or the reason why there is none. */
export type Credentials =
  | { readonly token: string }
  | { readonly reason: Extract<RefusalReason, 'absent' | 'repeated' | 'scheme' | 'malformed'> };

/**
 * Returns the token of an `Authorization: Bearer` header, or `undefined` if there is not exactly one.
 *
 * Pass all field lines of the request. If the runtime has joined two of them with a comma, it returns
 * `undefined`.
 *
 * @example
 * ```ts
 * parseAuthorization('Bearer prn_live_4f8a…'); // 'prn_live_4f8a…'
 * parseAuthorization(['Bearer a', 'Bearer a']); // undefined
 * ```
 */
export function parseAuthorization(lines: AuthorizationLines): string | undefined {
  const credentials = readAuthorization(lines);
  return 'token' in credentials ? credentials.token : undefined;
}

/** As {@link parseAuthorization}, with the reason why there is no token. */
export function readAuthorization(lines: AuthorizationLines): Credentials {
  const credentials = readLines(lines, readLine);
  if (!('token' in credentials) || isB64token(credentials.token)) return credentials;
  return { reason: formatReason(credentials.token) };
}

/**
 * Returns the credential of a request, or the reason why there is not exactly one. Counts field lines
 * across all `headers`, also empty ones, and refuses two.
 *
 * Authorization contains `Bearer <token>`, every other header only the token. Does not check the characters
 * of the token: the format checks each of them, and checking twice takes longer than the look-up.
 * {@link formatReason} returns why a malformed token is refused.
 *
 * @param headers lower-case names
 */
export function readCredentials(
  presented: PresentedLines,
  headers: readonly string[] = AUTHORIZATION_ONLY,
): Credentials {
  if (!isByName(presented)) {
    return headers.includes('authorization')
      ? readLines(presented, readLine)
      : { reason: 'absent' };
  }
  const present = headers.filter((name) => countLines(ownLines(presented, name)) > 0);
  if (present.length !== 1) return { reason: present.length === 0 ? 'absent' : 'repeated' };
  const [name] = present as [string];
  return readLines(ownLines(presented, name), name === 'authorization' ? readLine : readToken);
}

/** Returns why a malformed token is refused: a comma means that the runtime has joined two lines. */
export function formatReason(text: string): 'repeated' | 'malformed' {
  return text.includes(',') ? 'repeated' : 'malformed';
}

function isByName(presented: PresentedLines): presented is HeaderLines {
  return typeof presented === 'object' && presented !== null && !Array.isArray(presented);
}

function ownLines(lines: HeaderLines, name: string): AuthorizationLines {
  return Object.hasOwn(lines, name) ? lines[name] : undefined;
}

function countLines(lines: AuthorizationLines): number {
  if (typeof lines === 'string') return 1;
  return Array.isArray(lines) ? lines.length : 0;
}

function readLines(lines: AuthorizationLines, read: (line: string) => Credentials): Credentials {
  if (typeof lines === 'string') return read(lines);
  if (!Array.isArray(lines) || lines.length === 0) return { reason: 'absent' };
  // RFC 9110 §5.3: a sender must not repeat a field that is not a list, such as this one. Which of two
  // lines counts is ambiguous, so neither does, even if they are equal.
  if (lines.length > 1) return { reason: 'repeated' };
  const [line] = lines as readonly unknown[];
  return typeof line === 'string' ? read(line) : { reason: 'scheme' };
}

/** Longer than any format allows, and short enough to bound the work. */
const MAX_TOKEN_LENGTH = 512;

const SPACE = 0x20;
// A pattern reads a megabyte of spaces in 1.7 ms, a loop that is not compiled yet in 27 ms.
const NO_SPACE = /[^ ]/;
const EQUALS = 0x3d;

function readLine(line: string): Credentials {
  if (line === '') return { reason: 'absent' };
  // RFC 9110 §11.4: one or more spaces (0x20) before the token.
  if (!hasBearerScheme(line) || line.charCodeAt(6) !== SPACE) return { reason: 'scheme' };
  const rest = line.slice(7);
  // Nearly always there is one space. The search would add 0.04 µs to every request.
  // Stryker disable next-line ConditionalExpression: the result is the same
  const start = rest.charCodeAt(0) === SPACE ? rest.search(NO_SPACE) : 0;
  return rest === '' || start < 0 ? { reason: 'scheme' } : readToken(rest.slice(start));
}

/** Reads a header that contains only the token. */
function readToken(token: string): Credentials {
  if (token === '') return { reason: 'absent' };
  return token.length > MAX_TOKEN_LENGTH ? { reason: 'malformed' } : { token };
}

/** RFC 9110 §11.1: the case of the scheme is ignored. In ASCII, it is bit 5 of a letter. */
function hasBearerScheme(line: string): boolean {
  for (let i = 0; i < 6; i++) {
    if ((line.charCodeAt(i) | 0x20) !== 'bearer'.charCodeAt(i)) return false;
  }
  return true;
}

/** RFC 6750 §2.1: `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`. */
function isB64token(text: string): boolean {
  let end = text.length;
  while (end > 1 && text.charCodeAt(end - 1) === EQUALS) end--;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isAlphanumeric(code) && !'-._~+/'.includes(text.charAt(i))) return false;
  }
  return true;
}
