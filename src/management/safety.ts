import { parseAuthorization } from '../http/credentials.ts';
import type { TokenFormat } from '../token/format.ts';
import { parseToken } from '../token/parse.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses a change that another site makes the user's browser ask for.
 *
 * Where the host has named its origins, the Origin of the request is one of them. Otherwise the
 * browser itself says whether page and target are of one origin (Fetch Metadata), which holds behind
 * a proxy that ends TLS too; and where it does not say, the Origin is the target's own (RFC 6454 §7).
 * A request that says neither comes from no browser of today, and is refused too: a script that
 * means it sends an Origin.
 *
 * @throws Refusal `cross_site`
 */
export function assertSameSite(
  { headers }: Request,
  target: URL,
  origins: readonly string[] | undefined,
): void {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  // An opaque origin, `null`, says nothing: a page with `no-referrer` sends it as a sandbox does.
  const named = origin !== null && origin !== 'null';
  const allowed =
    named && origins !== undefined
      ? origins.includes(origin)
      : site === null
        ? named && origin === target.origin
        : site === 'same-origin';
  if (!allowed) {
    throw new Refusal('cross_site', 'The request does not come from a page of this site.');
  }
}

/**
 * Refuses a request that presents an API key, whatever session comes with it: keys speak for
 * programs, and a program with a key must never make itself others.
 *
 * @throws Refusal `unauthorized`
 */
export function assertNoKey({ headers }: Request, format: TokenFormat): void {
  const token = parseAuthorization(headers.get('authorization') ?? undefined);
  if (token === undefined || parseToken(format, token) === undefined) return;
  throw new Refusal('unauthorized', 'API keys do not manage API keys. Sign in instead.');
}
