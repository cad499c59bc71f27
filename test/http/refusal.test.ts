import { unauthorized } from 'keywright';
import { describe, expect, it } from 'vitest';
import { insufficientScope, unavailable } from '../../src/http/refusal.ts';
import { failureOf, wrong } from '../support.ts';

const manageUrl = 'https://www.proon.ai/app/settings/api-keys';

describe('unauthorized', () => {
  it('returns the response of the specification, byte for byte', () => {
    expect(unauthorized({ manageUrl })).toEqual({
      status: 401,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Cache-Control': 'no-store',
        'WWW-Authenticate': 'Bearer realm="api"',
        'Content-Length': '161',
      },
      body: '{"error":"unauthorized","message":"Provide a valid API key via `Authorization: Bearer <key>` header. Manage keys at https://www.proon.ai/app/settings/api-keys."}',
    });
  });

  it('leaves out the second sentence without manageUrl', () => {
    expect(unauthorized()).toEqual({
      ...unauthorized({ manageUrl }),
      headers: { ...unauthorized({ manageUrl }).headers, 'Content-Length': '102' },
      body: '{"error":"unauthorized","message":"Provide a valid API key via `Authorization: Bearer <key>` header."}',
    });
    expect(unauthorized({})).toEqual(unauthorized());
  });

  it('accepts an http address, for services on an inner network', () => {
    const { body } = unauthorized({ manageUrl: 'http://keys.internal:8080/' });
    expect(body).toContain('Manage keys at http://keys.internal:8080/.');
  });

  it('names the realm of its options', () => {
    const challenge = (realm: string) => unauthorized({ realm }).headers['WWW-Authenticate'];
    expect(challenge('proon')).toBe('Bearer realm="proon"');
    expect(challenge("a b!#[]~'")).toBe('Bearer realm="a b!#[]~\'"');
    expect(challenge('x'.repeat(100))).toBe(`Bearer realm="${'x'.repeat(100)}"`);
  });

  it('uses the message of its options', () => {
    expect(JSON.parse(unauthorized({ message: 'Key, please.' }).body)).toEqual({
      error: 'unauthorized',
      message: 'Key, please.',
    });
  });

  it.each(['Schlüssel fehlt', '鍵が必要です', '🔑', 'a"b\\c\n', '\u2028', '\ud800'])(
    'counts its length in bytes: %j',
    (message) => {
      const { headers, body } = unauthorized({ message });
      expect(headers['Content-Length']).toBe(String(Buffer.byteLength(body)));
      expect(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body))).toBe(body);
      expect(JSON.parse(body)).toEqual({ error: 'unauthorized', message });
    },
  );

  it('returns a frozen refusal', () => {
    const refusal = unauthorized();
    expect(Object.isFrozen(refusal)).toBe(true);
    expect(Object.isFrozen(refusal.headers)).toBe(true);
  });
});

describe('unauthorized with wrong options', () => {
  it.each([
    '',
    'a"b',
    'a\\b',
    'a\r\nX-Admin: 1',
    'a\tb',
    'é',
    '\u007f',
    'x'.repeat(101),
    5,
    null,
    ['api'],
    Object('api'),
  ])('a realm may not be %j', async (realm) => {
    expect(await failureOf(() => unauthorized({ realm: wrong(realm) }))).toMatchObject({
      code: 'invalid_argument',
      argument: 'realm',
      message: 'realm must be 1 to 100 printable ASCII characters without quote and backslash',
    });
  });

  it.each([
    '',
    'keys',
    '/app/keys',
    'www.proon.ai',
    'ftp://www.proon.ai',
    'javascript:alert(1)',
    'https://',
    'https://a b',
    'https://a\n.example',
    ' https://www.proon.ai',
    'https://www.proon.ai ',
    5,
    null,
    new URL(manageUrl),
  ])('an address may not be %j', async (address) => {
    expect(await failureOf(() => unauthorized({ manageUrl: wrong(address) }))).toMatchObject({
      code: 'invalid_argument',
      argument: 'manageUrl',
      message: 'manageUrl must be an http or https address',
    });
  });

  it.each(['', 5, null, ['text'], Object('text')])('rejects the message %j', async (message) => {
    expect(await failureOf(() => unauthorized({ message: wrong(message) }))).toMatchObject({
      code: 'invalid_argument',
      argument: 'message',
      message: 'message must be a non-empty string',
    });
  });

  it('rejects manageUrl beside a message', async () => {
    const failure = await failureOf(() => unauthorized({ manageUrl, message: 'Key, please.' }));
    expect(failure).toMatchObject({
      code: 'invalid_argument',
      argument: 'manageUrl',
      message: 'manageUrl must be left out if there is a message',
    });
  });

  it('rejects an unknown option', async () => {
    const failure = await failureOf(() => unauthorized(wrong({ manageURL: manageUrl })));
    expect(failure).toMatchObject({ code: 'invalid_argument' });
  });
});

describe('insufficientScope', () => {
  it('returns a 403 that names the scopes, in the same realm', () => {
    const { status, headers, body } = insufficientScope(unauthorized({ realm: 'proon' }), [
      'read',
      'write',
    ]);
    expect(status).toBe(403);
    expect(headers).toEqual({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'WWW-Authenticate': 'Bearer realm="proon", error="insufficient_scope", scope="read write"',
      'Content-Length': String(Buffer.byteLength(body)),
    });
    expect(JSON.parse(body)).toEqual({
      error: 'insufficient_scope',
      message: 'The API key lacks a scope that this request needs.',
    });
  });

  it('finds the challenge of a custom refusal in any case', () => {
    const headers = { 'www-authenticate': 'Bearer realm="proon"' };
    const refusal = insufficientScope({ status: 401, headers, body: '' }, ['read']);
    expect(refusal.headers['WWW-Authenticate']).toBe(
      'Bearer realm="proon", error="insufficient_scope", scope="read"',
    );
  });

  it.each([
    ['Bearer', 'Bearer error='],
    ['Bearer ', 'Bearer  error='],
    ['Basic realm="a", Bearer', 'Basic realm="a", Bearer error='],
    ['Basic realm="a",Bearer', 'Basic realm="a",Bearer error='],
    ['Bearer realm="a, b"', 'Bearer realm="a, b", error='],
    ['Bearer realm=a', 'Bearer realm=a, error='],
    ['Bearer realm = a', 'Bearer realm = a, error='],
    ['Bearer realm="a" ', 'Bearer realm="a" , error='],
  ])('begins the parameters of a challenge that has none yet: %s', (challenge, begun) => {
    const headers = { 'WWW-Authenticate': challenge };
    const refusal = insufficientScope({ status: 401, headers, body: '' }, ['read']);
    expect(refusal.headers['WWW-Authenticate']).toBe(`${begun}"insufficient_scope", scope="read"`);
  });

  it('ignores headers whose name only contains WWW-Authenticate', () => {
    const headers = { 'X-WWW-Authenticate': 'Basic', 'WWW-Authenticate-Info': 'Basic' };
    const refusal = insufficientScope({ status: 401, headers, body: '' }, ['read']);
    expect(refusal.headers['WWW-Authenticate']).toBe(
      'Bearer realm="api", error="insufficient_scope", scope="read"',
    );
  });

  it('adds a challenge if a custom refusal has none', () => {
    const refusal = insufficientScope({ status: 401, headers: {}, body: '' }, ['read']);
    expect(refusal.headers['WWW-Authenticate']).toMatch(
      /^Bearer (realm="[^"]+", )?error="insufficient_scope", scope="read"$/,
    );
  });
});

describe('unavailable', () => {
  it('is a 503 with Retry-After', () => {
    const { status, headers, body } = unavailable;
    expect(status).toBe(503);
    expect(headers).toEqual({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'Retry-After': '1',
      'Content-Length': String(Buffer.byteLength(body)),
    });
    expect(JSON.parse(body)).toEqual({
      error: 'unavailable',
      message: 'API keys cannot be checked right now. Try again shortly.',
    });
    expect(Object.isFrozen(unavailable) && Object.isFrozen(headers)).toBe(true);
  });
});
