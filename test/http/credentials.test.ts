import fc from 'fast-check';
import { generateToken, parseAuthorization, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { readAuthorization, readCredentials } from '../../src/http/credentials.ts';
import { anyText, runs } from '../arbitraries.ts';
import { cpuMsOf, wrong } from '../support.ts';

const token = generateToken(tokenFormat({ brand: 'prn', environments: ['live'] }), 'live');

describe('one Authorization line', () => {
  it.each([
    `Bearer ${token}`,
    `bearer ${token}`,
    `BEARER ${token}`,
    `bEaReR ${token}`,
    `Bearer  ${token}`,
    `Bearer ${' '.repeat(1000)}${token}`,
  ])('gives the token of %j', (line) => {
    expect(parseAuthorization(line)).toBe(token);
    expect(parseAuthorization([line])).toBe(token);
    expect(parseAuthorization(Object.freeze([line]))).toBe(token);
  });

  it.each(['a', 'a=', 'a==', 'AZaz09-._~+/', '/', '-', 'a'.repeat(512)])(
    'gives what RFC 6750 calls a b64token: %j',
    (text) => {
      expect(parseAuthorization(`Bearer ${text}`)).toBe(text);
    },
  );
});

describe('readAuthorization without a token', () => {
  it.each<[string, unknown, string]>([
    ['no header', undefined, 'absent'],
    ['an empty line', '', 'absent'],
    ['an array of no lines', [], 'absent'],
    ['null', null, 'absent'],
    ['a number', 7, 'absent'],
    ['an object', { 0: `Bearer ${token}`, length: 1 }, 'absent'],
    ['a boxed text', Object(`Bearer ${token}`), 'absent'],
    ['a set', new Set([`Bearer ${token}`]), 'absent'],
    ['an array of one empty line', [''], 'absent'],
    ['a line that is none', [undefined], 'scheme'],
    ['a line that is an array', [[`Bearer ${token}`]], 'scheme'],
    ['a line that turns into one', [{ toString: () => `Bearer ${token}` }], 'scheme'],
    ['two lines', [`Bearer ${token}`, `Bearer ${token}`], 'repeated'],
    ['two lines, one empty', [`Bearer ${token}`, ''], 'repeated'],
    ['two lines, one of them none', [`Bearer ${token}`, undefined], 'repeated'],
    ['lines without end', new Array(1_000_000).fill(`Bearer ${token}`), 'repeated'],
    ['the scheme alone', 'Bearer', 'scheme'],
    ['the scheme and a space', 'Bearer ', 'scheme'],
    ['the scheme and spaces', `Bearer${' '.repeat(50)}`, 'scheme'],
    ['the token alone', token, 'scheme'],
    ['another scheme', `Basic ${token}`, 'scheme'],
    ['a scheme that begins so', `BearerX ${token}`, 'scheme'],
    ['a scheme that ends so', `XBearer ${token}`, 'scheme'],
    ['a scheme with a look-alike', `Веarer ${token}`, 'scheme'],
    ['a scheme in wide letters', `Ｂearer ${token}`, 'scheme'],
    ['a scheme of combined letters', `Be\u0301arer ${token}`, 'scheme'],
    ['a tab in the place of the space', `Bearer\t${token}`, 'scheme'],
    ['a no-break space', `Bearer\u00a0${token}`, 'scheme'],
    ['a colon', `Bearer: ${token}`, 'scheme'],
    ['a space before', ` Bearer ${token}`, 'scheme'],
    ['no space', `Bearer${token}`, 'scheme'],
    ['a space after', `Bearer ${token} `, 'malformed'],
    ['a tab after the space', `Bearer \t${token}`, 'malformed'],
    ['a tab after', `Bearer ${token}\t`, 'malformed'],
    ['two tokens', `Bearer ${token} ${token}`, 'malformed'],
    ['a parameter', `Bearer ${token}; realm=api`, 'malformed'],
    ['quotes', `Bearer "${token}"`, 'malformed'],
    ['CR and LF', `Bearer ${token}\r\n`, 'malformed'],
    ['LF', `Bearer ${token}\n`, 'malformed'],
    ['a header that was smuggled in', `Bearer ${token}\r\nX-Admin: 1`, 'malformed'],
    ['NUL', `Bearer ${token}\0`, 'malformed'],
    ['NUL within', `Bearer ${token.slice(0, 30)}\0${token.slice(31)}`, 'malformed'],
    ['a percent sign', `Bearer ${encodeURIComponent('prn_live_é')}`, 'malformed'],
    ['a character beyond ASCII', `Bearer ${token.slice(1)}é`, 'malformed'],
    ['a lone surrogate', `Bearer ${token}\ud800`, 'malformed'],
    ['"=" within', 'Bearer a=b', 'malformed'],
    ['"=" alone', 'Bearer =', 'malformed'],
    ['a text of 513 characters', `Bearer ${'a'.repeat(513)}`, 'malformed'],
    ['lines that were joined', `Bearer ${token}, Bearer ${token}`, 'repeated'],
    ['lines that were joined without a space', `Bearer ${token},Bearer ${token}`, 'repeated'],
    ['a comma after', `Bearer ${token},`, 'repeated'],
    ['a comma before', `Bearer ,${token}`, 'repeated'],
    ['another scheme joined before', `Basic abc, Bearer ${token}`, 'scheme'],
    ['another scheme joined after', `Bearer ${token}, Basic abc`, 'repeated'],
  ])('is told: %s', (_, lines, reason) => {
    expect(readAuthorization(wrong(lines))).toEqual({ reason });
    expect(parseAuthorization(wrong(lines))).toBeUndefined();
  });

  it('reads no inherited member of an object', () => {
    expect(parseAuthorization(wrong({ authorization: `Bearer ${token}` }))).toBeUndefined();
  });
});

/** The rules of the header, character by character. */
function oracle(line: string): string | undefined {
  const characters = [...line];
  const scheme = characters.splice(0, 6).join('');
  if (!/^[Bb][Ee][Aa][Rr][Ee][Rr]$/.test(scheme)) return undefined;
  let spaces = 0;
  while (characters[0] === ' ') spaces += characters.splice(0, 1).length;
  if (spaces === 0 || characters.length === 0 || characters.length > 512) return undefined;
  while (characters.at(-1) === '=') characters.pop();
  const allowed = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/');
  if (characters.length === 0 || !characters.every((one) => allowed.has(one))) return undefined;
  return line.slice(6).replaceAll(' ', '');
}

describe('readAuthorization of any line', () => {
  const piece = fc.oneof(
    fc.constantFrom('Bearer', 'bearer', 'BEARER ', 'Bearer ', 'Basic ', ' ', '  ', '=', ',', '\t'),
    fc.constantFrom(token, 'abc', '\r\n', '\0', 'é', 'İ', 'ſ', 'K', '\ud83d', '"', ';'),
    anyText(6),
  );
  const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const bearer = line.map((text) => `Bearer ${text}`);
  const good = fc.stringMatching(/^[Bb]eareR {1,3}[0-9A-Za-z._~+/-]{1,8}={0,2}$/);

  it('agrees with the rules of the header', () => {
    const seen = { tokens: 0, none: 0 };
    fc.assert(
      fc.property(fc.oneof(line, bearer, good), (text) => {
        const expected = oracle(text);
        seen[expected === undefined ? 'none' : 'tokens']++;
        expect(parseAuthorization(text)).toBe(expected);
        expect(parseAuthorization([text])).toBe(expected);
      }),
      runs(3000),
    );
    expect(seen.tokens).toBeGreaterThan(500);
    expect(seen.none).toBeGreaterThan(1000);
  });

  it('refuses any two lines', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(line, bearer), { minLength: 2, maxLength: 4 }), (lines) => {
        expect(readAuthorization(lines)).toEqual({ reason: 'repeated' });
      }),
      runs(200),
    );
  });

  it('never throws, whatever a framework passes', () => {
    fc.assert(
      fc.property(fc.anything(), (lines) => {
        if (typeof lines === 'string') return;
        const found = parseAuthorization(wrong(lines));
        if (Array.isArray(lines) && lines.length === 1 && typeof lines[0] === 'string') {
          expect(found).toBe(oracle(lines[0]));
        } else {
          expect(found).toBeUndefined();
        }
      }),
      runs(200),
    );
  });
});

describe('a header of a megabyte', () => {
  const long = 1_000_000;

  it.each([
    ['of one token', `Bearer ${'a'.repeat(long)}`],
    ['of "="', `Bearer ${'='.repeat(long)}`],
    ['of "a="', `Bearer ${'a='.repeat(long / 2)}`],
    ['of spaces', `Bearer${' '.repeat(long)}`],
    ['of spaces and a character that is none', `Bearer${' '.repeat(long)}\0`],
    ['of commas', `Bearer ${','.repeat(long)}`],
    ['of letters', 'a'.repeat(long)],
    ['of characters beyond ASCII', `Bearer ${'é'.repeat(long)}`],
    ['of CR and LF', '\r\n'.repeat(long / 2)],
  ])('takes bounded time to refuse: %s', (_, line) => {
    const ms = cpuMsOf(() => {
      for (let round = 0; round < 20; round++) expect(parseAuthorization(line)).toBeUndefined();
    });
    expect(ms / 20).toBeLessThan(50);
  });

  it('is accepted if all but the token is spaces', () => {
    expect(parseAuthorization(`Bearer${' '.repeat(long)}${token}`)).toBe(token);
  });
});

describe('one credential over several headers', () => {
  const both = ['authorization', 'x-api-key'];
  const bearer = `Bearer ${token}`;

  it.each<[string, Parameters<typeof readCredentials>[0], string | undefined]>([
    ['Authorization alone', { authorization: [bearer] }, undefined],
    ['the other header alone', { 'x-api-key': [token] }, undefined],
    ['one beside a header without lines', { authorization: [], 'x-api-key': token }, undefined],
    [
      'one beside an undefined header',
      { authorization: bearer, 'x-api-key': undefined },
      undefined,
    ],
    ['Authorization lines without a name', [bearer], undefined],
    ['null', JSON.parse('null'), 'absent'],
    ['both headers', { authorization: [bearer], 'x-api-key': [token] }, 'repeated'],
    ['both headers, one of them empty', { authorization: [bearer], 'x-api-key': [''] }, 'repeated'],
    ['two lines of one header', { 'x-api-key': [token, token] }, 'repeated'],
    ['an empty line', { 'x-api-key': '' }, 'absent'],
    ['no line of a named header', { 'x-other': [token] }, 'absent'],
    ['a name in another case', { 'X-Api-Key': token }, 'absent'],
    ['an inherited header', Object.create({ 'x-api-key': token }), 'absent'],
    ['the token alone in Authorization', { authorization: token }, 'scheme'],
    ['too long a token', { 'x-api-key': 'a'.repeat(513) }, 'malformed'],
  ])('reads %s', (_, presented, reason) => {
    expect(readCredentials(presented, both)).toEqual(reason ? { reason } : { token });
  });

  it('reads no header that is not named', () => {
    expect(readCredentials({ 'x-api-key': token })).toEqual({ reason: 'absent' });
    expect(readCredentials(bearer, ['x-api-key'])).toEqual({ reason: 'absent' });
    expect(readCredentials({ authorization: bearer }, ['x-api-key'])).toEqual({ reason: 'absent' });
  });
});
