import type { JsonObject } from 'keywright';
import { describe, expect, it } from 'vitest';
import { BASE, mount, ORIGIN, requestOf, type Sent } from './support.ts';

const newKey = { name: 'Zapier production', environment: 'live' };
const OTHER = 'https://evil.example';

/** The two headers by which a browser says where a request comes from; `null` for none. */
type Said = readonly [origin: string | null, site: string | null];

const post = (origin: string | null, site: string | null): Sent => ({
  json: newKey,
  headers: { origin, 'sec-fetch-site': site },
});

describe('where a change may come from', () => {
  const allowed: readonly Said[] = [
    [ORIGIN, 'same-origin'],
    [ORIGIN, null],
    [null, 'same-origin'],
    ['null', 'same-origin'], // a page with the policy no-referrer
    ['https://proxied.example.com', 'same-origin'], // behind a proxy that changes the Host
  ];
  const refused: readonly Said[] = [
    [null, null],
    ['null', null],
    ['null', 'cross-site'],
    [OTHER, null],
    [OTHER, 'cross-site'],
    [ORIGIN, 'cross-site'],
    ['https://other.example.com', 'same-site'],
    [ORIGIN, 'same-site'],
    [null, 'none'],
    [ORIGIN, 'none'],
    [null, 'Same-Origin'],
    [`${ORIGIN}:8443`, null],
    [ORIGIN.replace('https', 'http'), null],
    [`${ORIGIN}.evil.example`, null],
    [ORIGIN.toUpperCase(), null],
    [`${ORIGIN}/`, null],
  ];

  it.each(allowed)('Origin %s and Sec-Fetch-Site %s may', async (origin, site) => {
    const { call } = await mount();
    expect(await call('POST', '/api/keys', post(origin, site))).toMatchObject({ status: 201 });
  });

  it.each(refused)('Origin %s and Sec-Fetch-Site %s may not', async (origin, site) => {
    const { call } = await mount();
    expect(await call('POST', '/api/keys', post(origin, site))).toMatchObject({
      status: 403,
      json: { error: 'cross_site' },
    });
    expect((await call('GET', '/api/keys')).json.items).toEqual([]);
  });

  it.each<readonly [...Said, number]>([
    ['https://console.example.com', 'same-site', 201],
    ['https://console.example.com', 'cross-site', 201],
    ['https://console.example.com', null, 201],
    [null, 'same-origin', 201],
    ['null', 'same-origin', 201],
    [ORIGIN, 'same-origin', 403],
    [ORIGIN, null, 403],
    [OTHER, 'cross-site', 403],
    [null, null, 403],
    ['null', 'cross-site', 403],
  ])('where origins are named, %s and %s answer %i', async (origin, site, status) => {
    const { call } = await mount({ origins: ['https://console.example.com'] });
    expect(await call('POST', '/api/keys', post(origin, site))).toMatchObject({ status });
  });

  it('is asked of every route that changes anything, before the session', async () => {
    let asked = 0;
    const { call, document } = await mount({
      authorize: () => {
        asked++;
        return undefined;
      },
    });
    const changes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'get')
        .map((method) => [method.toUpperCase(), path.replace('{id}', 'key_1')] as const),
    );
    expect(changes).toHaveLength(5);
    for (const [method, path] of changes) {
      expect(await call(method, path, { headers: { origin: OTHER } })).toMatchObject({
        json: { error: 'cross_site' },
      });
    }
    expect(asked).toBe(0);
  });

  it('is not asked of who only reads', async () => {
    const { call } = await mount();
    const headers = { 'sec-fetch-site': 'cross-site', origin: OTHER };
    expect(await call('GET', '/api/keys', { headers })).toMatchObject({ status: 200 });
  });
});

describe('methods', () => {
  it('changes nothing by methods that read, on any path', async () => {
    const { call, document, keys } = await mount();
    const { record } = (await call('POST', '/api/keys', { json: newKey })).json;
    const before = await keys.activity({ owner: 'org_1' });
    for (const [template, methods] of Object.entries(document.paths)) {
      const path = template.replace('{id}', record.id);
      for (const method of ['GET', 'HEAD']) {
        const { status, headers } = await call(method, path);
        expect(status, `${method} ${path}`).toBe('get' in methods ? 200 : 405);
        if (status === 405) expect(headers.get('allow')).not.toContain('GET');
      }
    }
    const override = { headers: { 'x-http-method-override': 'POST', 'x-method-override': 'POST' } };
    expect(await call('GET', '/api/keys', override)).toMatchObject({ json: { items: [{}] } });
    expect(await keys.activity({ owner: 'org_1' })).toEqual(before);
  });

  it.each([
    ['DELETE', '/api/keys', 'GET, HEAD, POST'],
    ['PUT', '/api/keys/key_1', 'GET, HEAD, PATCH'],
    ['POST', '/api/session', 'GET, HEAD'],
    ['OPTIONS', '/api/keys/revoke-all', 'POST'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('answers 405 to methods that a path does not have: %s %s', async (method, path, allow) => {
    const { call } = await mount();
    const answer = await call(method, path);
    expect(answer).toMatchObject({ status: 405, json: { error: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('answers HEAD like GET, without the body', async () => {
    const { call } = await mount();
    await call('POST', '/api/keys', { json: newKey });
    const get = await call('GET', '/api/keys');
    const head = await call('HEAD', '/api/keys');
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    expect([...head.headers]).toEqual([...get.headers]);
  });
});

describe('paths', () => {
  it.each([
    '/api',
    '/api/',
    '/api/keys/',
    '/api/keys/key_1/',
    '/api/keys/key_1/rotate/',
    '/api/keys//rotate',
    '/API/keys',
    '/api/keys/key_1/enable',
    '/api/keys/%E0%A4%A',
    '/api/second-factor/verify',
    '/__proto__',
  ])('answers 404 to unknown paths: %s', async (path) => {
    const { call } = await mount();
    const { status, text } = await call('GET', path);
    expect(status).toBe(404);
    expect(JSON.parse(text) satisfies JsonObject).toMatchObject({ error: 'not_found' });
  });

  it.each(['/', '/app', `${BASE}x/api/keys`, '/app/api-key/api/keys', `/x${BASE}/api/keys`])(
    'answers 404 to paths outside of the mounted one: %s',
    async (path) => {
      const { management } = await mount();
      expect(await management(requestOf('GET', path))).toMatchObject({ status: 404 });
    },
  );

  it('serves the root by default', async () => {
    const { call, document } = await mount({ basePath: '' });
    expect(await call('GET', '/api/keys')).toMatchObject({ status: 200 });
    expect(document.servers).toEqual([{ url: '/' }]);
  });
});
