import { describe, expect, it } from 'vitest';
import { presentedLines } from '../../src/guards/presented-lines.ts';
import { makeKey, setUp, wrong } from '../support.ts';

const headers = ['Authorization', 'X-Api-Key'];

describe('authenticate with the headers option', () => {
  it('reads the key from each named header, in any case', async () => {
    const { keys } = setUp();
    const { token } = await makeKey(keys);
    const accepted = [{ 'x-api-key': [token] }, { authorization: `Bearer ${token}` }];
    for (const presented of accepted) {
      expect(await keys.authenticate(presented, { headers })).toMatchObject({ ok: true });
    }
    expect(await keys.authenticate({ 'x-api-key': token })).toMatchObject({ reason: 'absent' });
  });

  it('answers two credentials with the same bytes as one wrong credential', async () => {
    const { keys } = setUp();
    const { token } = await makeKey(keys);
    const presented = { authorization: `Bearer ${token}`, 'x-api-key': token };
    const two = await keys.authenticate(presented, { headers });
    const absent = await keys.authenticate({}, { headers });
    expect(two).toMatchObject({ ok: false, reason: 'repeated' });
    expect(two).toEqual({ ...absent, reason: 'repeated' });
  });

  it.each([
    ['two joined lines', (token: string) => `${token}, ${token}`, 'repeated'],
    ['the scheme', (token: string) => `Bearer ${token}`, 'malformed'],
  ] as const)('refuse %s in another header than Authorization', async (_, text, reason) => {
    const { keys } = setUp();
    const { token } = await makeKey(keys);
    expect(await keys.authenticate({ 'x-api-key': text(token) }, { headers })).toMatchObject({
      ok: false,
      reason,
    });
  });

  it.each<[unknown, string]>([
    ['x-api-key', 'headers'],
    [[], 'headers'],
    [Array.from({ length: 9 }, (_, i) => `x-${i}`), 'headers'],
    [['x api key'], 'headers[0]'],
    [['authorization', 7], 'headers[1]'],
    [['Cookie'], 'headers[0]'],
    [['x'.repeat(101)], 'headers[0]'],
  ])('are refused where they are %j', async (names, argument) => {
    const { keys } = setUp();
    await expect(keys.authenticate({}, { headers: wrong(names) })).rejects.toMatchObject({
      code: 'invalid_argument',
      argument,
    });
  });
});

describe('presentedLines', () => {
  const linesOf = (request: { readonly [name: string]: string[] }, name: string) => request[name];

  it('reads Authorization alone by default', () => {
    expect(
      presentedLines(undefined, linesOf)({ authorization: ['a'], 'x-api-key': ['b'] }),
    ).toEqual(['a']);
  });

  it('reads the lines of every named header', () => {
    expect(presentedLines(headers, linesOf)({ 'x-api-key': ['b', 'c'], cookie: ['d'] })).toEqual({
      authorization: undefined,
      'x-api-key': ['b', 'c'],
    });
  });
});
