import { generateToken, legacyFormat, memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { format } from '../support.ts';
import { mount } from './support.ts';

/** The store, and every argument that it was given. */
function recorded() {
  const memory = memoryStore();
  const given: unknown[] = [];
  const store = new Proxy(memory, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) => {
        given.push(...parameters);
        return member.apply(target, parameters);
      };
    },
  });
  return { store, given };
}

const token = generateToken(format, 'live');

const REQUESTS: [argument: string, method: string, path: string, json?: object][] = [
  ['id', 'GET', `/api/keys/${token}`],
  ['id', 'GET', `/api/keys/%20${token}`],
  ['id', 'PATCH', `/api/keys/${token}`, { name: 'x' }],
  ['id', 'POST', `/api/keys/${token}/revoke`, {}],
  ['id', 'POST', `/api/keys/${token}/rotate`, {}],
  ['text', 'GET', `/api/keys?text=${token}`],
  ['text', 'GET', `/api/keys?limit=5&text=Bearer+${token}%0A`],
  ['text', 'GET', `/api/keys?text="${token}"`],
  ['cursor', 'GET', `/api/keys?cursor=${token}`],
  ['keyId', 'GET', `/api/activity?keyId=${token}`],
  ['actorId', 'GET', `/api/activity/export?actorId=${token}`],
  ['name', 'POST', '/api/keys', { name: `for ${token}`, environment: 'live' }],
  ['reason', 'POST', '/api/keys', { name: 'x', environment: 'live', reason: token }],
  ['metadata', 'POST', '/api/keys', { name: 'x', environment: 'live', metadata: { a: [token] } }],
  ['metadata', 'POST', '/api/keys', { name: 'x', environment: 'live', metadata: { [token]: 1 } }],
  ['[…]', 'POST', '/api/keys', { name: 'x', environment: 'live', [token]: token }],
];

describe('a token that somebody has pasted', () => {
  it.each(REQUESTS)(
    'into %s is refused before the store: %s %s',
    async (argument, method, path, json) => {
      const { store, given } = recorded();
      const { call, errors } = await mount({}, { store });
      const answer = await call(method, path, json === undefined ? {} : { json });
      expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_argument', argument } });
      expect(answer.text).not.toContain(token.slice(-20));
      expect(JSON.stringify(given)).not.toContain(token);
      expect(errors).toEqual([]);
    },
  );

  it('is looked for in a body of any depth', async () => {
    const { call, errors } = await mount();
    const nested = (inner: string) => `${'['.repeat(16_000)}${inner}${']'.repeat(16_000)}`;
    for (const inner of ['', `"${token}"`]) {
      const body = `{"name":"x","environment":"live","metadata":{"a":${nested(inner)}}}`;
      const answer = await call('POST', '/api/keys', { body });
      expect(answer).toMatchObject({
        status: 400,
        json: { argument: expect.stringMatching(/^metadata\b/) },
      });
      expect(answer.text.includes('contains an API key')).toBe(inner !== '');
    }
    expect(errors).toEqual([]);
  });

  it.each([
    [
      'a prefix',
      { prefix: 'sk_live_', alphabet: 'base64url', length: 20 },
      `sk_live_${'Zk-3_'.repeat(4)}`,
    ],
    ['the separator |', { separator: '|', alphabet: 'hex', length: 16 }, `12|${'3f'.repeat(8)}`],
  ] as const)('is refused in a legacy format with %s too', async (_, options, old) => {
    const { store, given } = recorded();
    const legacy = [legacyFormat({ ...options, environment: 'live' })];
    const { call } = await mount({}, { store, legacy });
    const text = encodeURIComponent(`Bearer ${old}.`);
    const refused = { status: 400, json: { error: 'invalid_argument' } };
    expect(await call('GET', `/api/keys?text=${text}`)).toMatchObject(refused);
    expect(await call('GET', `/api/keys/${encodeURIComponent(old)}`)).toMatchObject(refused);
    const json = { name: 'x', environment: 'live', metadata: { a: [`(${old})`] } };
    expect(await call('POST', '/api/keys', { json })).toMatchObject(refused);
    expect(JSON.stringify(given)).not.toContain(old);
    const headers = { authorization: `Bearer ${old}` };
    expect(await call('GET', '/api/keys', { headers })).toMatchObject({ status: 401 });

    const { tokenPattern } = JSON.parse((await call('GET', '/api/session')).text);
    expect(new RegExp(tokenPattern).test(`my key ${old}`)).toBe(true);
    expect(new RegExp(tokenPattern).test(`my key ${token}`)).toBe(true);
    for (const other of [`_${old}`, `${old}0`, old.slice(0, -1)]) {
      expect(new RegExp(tokenPattern).test(other), other).toBe(false);
      const path = `/api/keys?text=${encodeURIComponent(other)}`;
      expect(await call('GET', path), other).toMatchObject({ status: 200 });
    }
  });

  it.each([
    ['other words have', { alphabet: 'hex', length: { min: 16, max: 64 } }, '3f'.repeat(20)],
    ['ids of keys have', { prefix: 'key_', alphabet: 'alphanumeric', length: 23 }, undefined],
  ] as const)('is looked for in no legacy format whose shape %s', async (_, options, word) => {
    const legacy = [legacyFormat(options)];
    const { call, keys } = await mount({}, { legacy });
    const { record } = await keys.create({
      ...{ name: 'x', owner: 'org_1', environment: 'live', actor: { id: 'user_1' } },
    });
    expect(await call('GET', `/api/keys/${record.id}`)).toMatchObject({ status: 200 });
    const path = `/api/keys?text=${word ?? record.id}`;
    expect(await call('GET', path)).toMatchObject({ status: 200 });
  });

  it('is told from its start, from other words and from tokens of another format', async () => {
    const { call } = await mount();
    const other = token.replace('prn', 'sk');
    for (const text of [token.slice(0, 13), `x${token}`, `${token}x`, other]) {
      expect(await call('GET', `/api/keys?text=${text}`), text).toMatchObject({ status: 200 });
    }
  });
});
