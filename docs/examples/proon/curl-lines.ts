import type { Samples } from './samples.ts';
import { SETTINGS } from './settings.ts';

const NEW_KEY = '{"name":"Reports nightly","environment":"live"}';

export interface CurlLine {
  readonly says: string;
  readonly line: string;
  readonly status: number;
}

/** The calls that need no key's text, for a start that finds keys there. */
export function keptLines(base: string, session: string): CurlLine[] {
  const call = settingsCall(base, session);
  return [
    { says: 'No key', line: `curl -i ${base}/api/v1/me`, status: 401 },
    { says: 'List the keys', line: call('/keys'), status: 200 },
    {
      says: 'Create a key; it is shown this once',
      line: call('/keys', NEW_KEY),
      status: 201,
    },
    { says: 'Who did what and when', line: call('/activity'), status: 200 },
  ];
}

/** The calls to try, in an order in which they work one after the other. */
export function curlLines(base: string, session: string, samples: Samples): CurlLine[] {
  const me = (...headers: string[]) =>
    [`curl -i ${base}/api/v1/me`, ...headers.map((header) => `-H '${header}'`)].join(' ');
  const bearer = (token: string) => me(`Authorization: Bearer ${token}`);
  const settings = settingsCall(base, session);
  const { first } = samples;
  return [
    { says: 'A valid key', line: bearer(first.token), status: 200 },
    { says: 'No key', line: me(), status: 401 },
    { says: 'Another scheme', line: me('Authorization: Basic YWRhOnNlY3JldA=='), status: 401 },
    { says: 'No key of ProoN', line: bearer('prn_live_short'), status: 401 },
    {
      says: 'Two keys',
      line: me(`Authorization: Bearer ${first.token}`, `Authorization: Bearer ${first.token}`),
      status: 401,
    },
    { says: 'An unknown key', line: bearer(samples.unknown), status: 401 },
    { says: 'A revoked key', line: bearer(samples.revoked), status: 401 },
    { says: 'An expired key', line: bearer(samples.expired), status: 401 },
    { says: 'A disabled key', line: bearer(samples.disabled), status: 401 },
    { says: 'A key of the test environment', line: bearer(samples.otherEnvironment), status: 401 },
    {
      says: 'Create a key; it is shown this once',
      line: settings('/keys', NEW_KEY),
      status: 201,
    },
    { says: 'List the keys', line: settings('/keys'), status: 200 },
    { says: 'Rotate the first key', line: settings(`/keys/${first.id}/rotate`, '{}'), status: 201 },
    { says: 'The old key works until it is revoked', line: bearer(first.token), status: 200 },
    { says: 'Revoke the old key', line: settings(`/keys/${first.id}/revoke`, '{}'), status: 200 },
    { says: 'The old key is refused at once', line: bearer(first.token), status: 401 },
    { says: 'Who did what and when', line: settings('/activity'), status: 200 },
  ];
}

/** A call of the settings, with the cookie of the session; with a body, a POST of ProoN's own page. */
function settingsCall(base: string, session: string) {
  return (path: string, body?: string): string => {
    const post =
      body === undefined
        ? []
        : [`-H 'Origin: ${base}' -H 'Content-Type: application/json' -d '${body}'`];
    return [`curl -i -b session=${session} ${base}${SETTINGS}/api${path}`, ...post].join(' ');
  };
}
