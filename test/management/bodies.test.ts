import { describe, expect, it } from 'vitest';
import { mount, type Sent } from './support.ts';

const newKey = { name: 'Zapier production', environment: 'live' };
const text = JSON.stringify(newKey);
const MAX = 32_768;

/** A body in chunks, so that no Content-Length tells its size. */
function chunks(...parts: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const part of parts) {
        controller.enqueue(typeof part === 'string' ? encoder.encode(part) : part);
      }
      controller.close();
    },
  });
}

const padded = (bytes: number) => text + ' '.repeat(bytes - text.length);

describe('a body', () => {
  it.each<[string, number, Sent]>([
    ['as application/json', 201, { body: text }],
    [
      'with a charset',
      201,
      { body: text, headers: { 'content-type': 'Application/JSON; charset="UTF-8"' } },
    ],
    ['in chunks', 201, { body: chunks(text.slice(0, 10), text.slice(10)) }],
    ['split within a character', 201, splitWithinACharacter()],
    ['of the largest size', 201, { body: padded(MAX) }],
    ['in chunks of the largest size', 201, { body: chunks(padded(MAX)) }],
    ['not encoded', 201, { body: text, headers: { 'content-encoding': 'identity' } }],
    ['of another type', 415, { body: text, headers: { 'content-type': 'text/plain' } }],
    [
      'of a form',
      415,
      { body: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    [
      'in parts',
      415,
      { body: text, headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    ],
    [
      'of a type that only begins alike',
      415,
      { body: text, headers: { 'content-type': 'application/json-patch+json' } },
    ],
    [
      'of two types',
      415,
      { body: text, headers: { 'content-type': 'text/plain, application/json' } },
    ],
    [
      'in another charset',
      415,
      { body: text, headers: { 'content-type': 'application/json; charset=utf-16' } },
    ],
    [
      'of no type',
      415,
      { body: new TextEncoder().encode(text), headers: { 'content-type': null } },
    ],
    ['compressed', 415, { body: text, headers: { 'content-encoding': 'gzip' } }],
    ['one byte too large', 413, { body: padded(MAX + 1) }],
    ['in chunks, one byte too large', 413, { body: chunks(padded(MAX), ' ') }],
    ['said to be too large', 413, { body: text, headers: { 'content-length': '32769' } }],
    [
      'said to be small, and too large',
      413,
      { body: padded(MAX + 1), headers: { 'content-length': '1' } },
    ],
    ['that is no JSON', 400, { body: '{name: 1}' }],
    ['that is JSON and then some', 400, { body: `${text}${text}` }],
    ['that is no UTF-8', 400, { body: new Uint8Array([0x22, 0xff, 0x22]) }],
    [
      'that breaks off',
      400,
      { body: new ReadableStream({ pull: () => Promise.reject(new Error('reset')) }) },
    ],
    ['that is a list', 400, { json: [newKey] }],
    ['that is a text', 400, { json: 'name' }],
    ['that is null', 400, { json: null }],
    ['that is empty', 400, {}],
    ['without the name', 400, { json: { environment: 'live' } }],
    ['with a key twice, the last of which counts', 201, { body: `{"name":1,${text.slice(1)}` }],
  ])('%s answers %i', async (_what, status, sent) => {
    const { call, keys } = await mount();
    const answer = await call('POST', '/api/keys', sent);
    expect(answer.status, answer.text).toBe(status);
    const { items } = await keys.list({ owner: 'org_1' });
    expect(items).toHaveLength(status === 201 ? 1 : 0);
  });

  it('stops reading a body without end', async () => {
    const { call } = await mount();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024).fill(0x20));
      },
    });
    expect(await call('POST', '/api/keys', { body })).toMatchObject({ status: 413 });
    expect(sent).toBeLessThan(MAX + 8 * 1024);
  });

  it('accepts a missing body if no field is required', async () => {
    const { call } = await mount();
    const { record } = (await call('POST', '/api/keys', { json: newKey })).json;
    expect(await call('POST', `/api/keys/${record.id}/rotate`)).toMatchObject({ status: 201 });
    const typed = { headers: { 'content-type': 'application/json' } };
    expect(await call('POST', `/api/keys/${record.id}/revoke`, typed)).toMatchObject({
      status: 200,
    });
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect(await call('POST', '/api/keys/revoke-all', form)).toMatchObject({ status: 415 });
  });

  it('reports a body that the application has read before to onError', async () => {
    const { call, errors } = await mount({
      authorize: async (request) => {
        await request.text();
        return { actor: { id: 'user_ada' }, owner: 'org_1', actions: ['create'] };
      },
    });
    expect(await call('POST', '/api/keys', { json: newKey })).toMatchObject({ status: 500 });
    expect(errors).toMatchObject([{ message: expect.stringContaining('read before') }]);
  });
});

describe('parts of a body', () => {
  it.each<[string, object]>([
    ['owner', { ...newKey, owner: 'org_2' }],
    ['name', { ...newKey, name: '' }],
    ['name', { ...newKey, name: ' ' }],
    ['name', { ...newKey, name: 'a'.repeat(101) }],
    ['name', { ...newKey, name: 'a\u0000b' }],
    ['name', { ...newKey, name: 'a\nb' }],
    ['name', { ...newKey, name: '\ud800' }],
    ['name', { ...newKey, name: 1 }],
    ['environment', { ...newKey, environment: 'staging' }],
    ['environment', { name: 'x' }],
    ['scopes', { ...newKey, scopes: 'orders:read' }],
    ['scopes', { ...newKey, scopes: Array.from({ length: 101 }, () => 'orders:read') }],
    ['scopes[1]', { ...newKey, scopes: ['orders:read', 'a b'] }],
    ['expiresAt', { ...newKey, expiresAt: '2030-01-01' }],
    ['expiresAt', { ...newKey, expiresAt: -1 }],
    ['expiresAt', { ...newKey, expiresAt: 1.5 }],
    ['expiresAt', { ...newKey, expiresAt: 1e300 }],
    ['expiresAt', { ...newKey, expiresAt: 253_402_300_800_000 }], // the year 10000
    ['expiresAt', { ...newKey, expiresAt: 1_750_000_000 }], // in seconds
    ['expiresAt', { ...newKey, expiresAt: null }],
    ['metadata', { ...newKey, metadata: [] }],
    ['metadata', { ...newKey, metadata: { a: 'x'.repeat(4096) } }],
    ['reason', { ...newKey, reason: 'x'.repeat(501) }],
    ['body[…]', { ...newKey, prn_live_0123456789abcdefghijklmnopqrstuvwxyz: 1 }],
  ])('that are wrong are named: %s', async (argument, json) => {
    const { call, keys } = await mount();
    const answer = await call('POST', '/api/keys', { json });
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_argument', argument } });
    expect((await keys.activity({ owner: 'org_1' })).items).toEqual([]);
  });

  it('rejects a member called __proto__ as unknown', async () => {
    const { call } = await mount();
    const body = `{"__proto__":{"owner":"org_2"},${text.slice(1)}`;
    expect(await call('POST', '/api/keys', { body })).toMatchObject({
      status: 400,
      json: { argument: '__proto__' },
    });
    expect(await call('GET', '/api/keys?__proto__=1')).toMatchObject({
      status: 400,
      json: { argument: '__proto__' },
    });
  });
});

describe('query parameters', () => {
  it.each([
    ['owner', '/api/keys?owner=org_2'],
    ['limit', '/api/keys?limit=0'],
    ['limit', '/api/keys?limit=101'],
    ['limit', '/api/keys?limit=ten'],
    ['limit', '/api/keys?limit=10&limit=20'],
    ['limit', '/api/keys?limit='],
    ['cursor', '/api/keys?cursor=somewhere'],
    ['state', '/api/keys?state=dead'],
    ['environment', '/api/keys?environment=staging'],
    ['text', '/api/keys?text='],
    ['expiresBefore', '/api/keys?expiresBefore=2030-01-01'],
    ['unusedSince', '/api/keys?unusedSince=-1'],
    ['session', '/api/session?session=ada'],
    ['action', '/api/activity?action=key.read'],
    ['keyId', '/api/activity?keyId=%00'],
    ['format', '/api/activity/export?format=xml'],
    ['limit', '/api/activity/export?limit=10'],
    ['from', '/api/activity/export?from=99999999999999999'],
    ['query[…]', '/api/keys?prn_live_0123456789abcdefghijklmnopqrstuvwxyz=1'],
  ])('that are wrong are named: %s in %s', async (argument, path) => {
    const { call } = await mount();
    expect(await call('GET', path)).toMatchObject({
      status: 400,
      json: { error: 'invalid_argument', argument },
    });
  });
});

function splitWithinACharacter(): Sent {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...newKey, name: 'Schlüssel' }));
  const middle = bytes.indexOf(0xc3) + 1;
  return { body: chunks(bytes.slice(0, middle), bytes.slice(middle)) };
}
