import { readCredentials } from '../http/credentials.ts';
import type { FindsToken } from './pasted-token.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses a change that another site sends through the user's browser (CSRF).
 *
 * If the application has set `origins`, an Origin header must be one of them. Otherwise the browser's
 * Sec-Fetch-Site must be `same-origin` (Fetch Metadata), which also works behind a proxy that
 * terminates TLS. Without that header, the Origin must be the target's own (RFC 6454 §7). A request
 * without either header does not come from a current browser and is refused; a script can send an Origin.
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
  // An opaque origin, `null`, identifies no page: `no-referrer` pages and sandboxes both send it.
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
 * Refuses a request that presents an API key, even with a valid session. Keys authenticate programs,
 * and a program with a key must never be able to create more keys.
 *
 * @throws Refusal `unauthorized`
 */
export function assertNoKey({ headers }: Request, findsToken: FindsToken): void {
  const presented = readCredentials(headers.get('authorization') ?? undefined);
  if (!('token' in presented) || !findsToken(presented.token)) return;
  throw new Refusal('unauthorized', 'API keys do not manage API keys. Sign in instead.');
}
