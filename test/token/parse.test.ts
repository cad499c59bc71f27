import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { generateToken, parseToken, type TokenFormat, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { anyText, runs } from '../arbitraries.ts';
import { cpuMsOf } from '../support.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What the parser must answer, from the options alone. */
function oracle({ brand, environments, secretLength, checksum }: TokenFormat, text: string) {
  for (const environment of environments) {
    const shape = new RegExp(`^${brand}_${environment}_([0-9A-Za-z]{${secretLength}})$`);
    const secret = shape.exec(text)?.[1];
    if (secret === undefined || !shape.test(text)) continue;
    return checksum === undefined || text.endsWith(base62(crc32(text.slice(0, -6))))
      ? { environment, secret }
      : undefined;
  }
  return undefined;
}

function base62(value: number): string {
  let [rest, digits] = [BigInt(value), ''];
  for (; rest > 0n; rest /= 62n) digits = ALPHABET.charAt(Number(rest % 62n)) + digits;
  return digits.padStart(6, '0');
}

const label = fc
  .array(fc.stringMatching(/^[0-9A-Za-z]{1,4}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('_'));

const formats = fc
  .record({
    brand: label,
    environments: fc.uniqueArray(label, { minLength: 1, maxLength: 4 }),
    secretLength: fc.integer({ min: 28, max: 70 }),
    checksum: fc.constantFrom(undefined, 'crc32' as const),
  })
  .map(({ checksum, ...options }) => tokenFormat(checksum ? { ...options, checksum } : options));

/** Characters that something careless could take for alphanumeric ones, or for nothing. */
const LOOKALIKES = [...'аАоОеｐ１ſKİı𝟎٣_-.=+/ \t\r\n\0\u00ad\u200b\ufeff\u0301\ud800Łű'];

const mutations: ((text: string, at: number, by: string) => string)[] = [
  (text, at, by) => text.slice(0, at) + by + text.slice(at + 1),
  (text, at, by) => text.slice(0, at) + by + text.slice(at),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => text.slice(0, at),
  (text, at) => text.slice(at),
  (text, _, by) => text + by,
  (text, _, by) => by + text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => text + text,
  (text) => encodeURIComponent(text).replace(/_/g, '%5F'),
];

const mutated = fc
  .record({
    format: formats,
    pick: fc.nat(),
    mutate: fc.option(fc.constantFrom(...mutations)),
    at: fc.nat(80),
    by: fc.oneof(fc.constantFrom(...LOOKALIKES), fc.constantFrom(...ALPHABET)),
  })
  .map(({ format, pick, mutate, at, by }) => {
    const environment = format.environments[pick % format.environments.length] ?? '';
    const token = generateToken(format, environment);
    return { format, text: mutate === null ? token : mutate(token, at % token.length, by) };
  });

describe('parseToken', () => {
  it('splits every generated token into environment and secret', () => {
    fc.assert(
      fc.property(formats, fc.nat(), (format, pick) => {
        const environment = format.environments[pick % format.environments.length] ?? '';
        const token = generateToken(format, environment);
        const { brand } = format;
        const secret = token.slice(`${brand}_${environment}_`.length);
        expect(parseToken(format, token)).toEqual({ environment, secret });
      }),
      runs(200),
    );
  });

  it('agrees with a regular expression on tokens, whole and damaged', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(mutated, ({ format, text }) => {
        const expected = oracle(format, text);
        seen[expected === undefined ? 'refused' : 'accepted']++;
        expect(parseToken(format, text)).toEqual(expected);
      }),
      runs(2000),
    );
    expect(seen.accepted).toBeGreaterThan(100);
    expect(seen.refused).toBeGreaterThan(100);
  });

  it('agrees with a regular expression on any text', () => {
    fc.assert(
      fc.property(formats, anyText(), (format, text) => {
        expect(parseToken(format, text)).toEqual(oracle(format, text));
      }),
      runs(200),
    );
  });

  it('agrees with a regular expression on tokens of another format', () => {
    fc.assert(
      fc.property(formats, formats, (format, other) => {
        const token = generateToken(other, other.environments[0]);
        expect(parseToken(format, token)).toEqual(oracle(format, token));
      }),
      runs(200),
    );
  });
});

describe('parseToken with environments that look alike', () => {
  const format = tokenFormat({ brand: 'acme', environments: ['eu', 'eu_prod', 'prod', 'EU'] });

  it.each(format.environments)('finds the environment %s', (environment) => {
    const token = generateToken(format, environment);
    expect(parseToken(format, token)?.environment).toBe(environment);
  });

  it('finds the environment of a secret that looks like the end of a name', () => {
    const secret = 'prod'.padEnd(55, 'x');
    expect(parseToken(format, `acme_eu_${secret}`)).toEqual({ environment: 'eu', secret });
    expect(parseToken(format, `acme_eu_prod_${secret}`)).toEqual({
      environment: 'eu_prod',
      secret,
    });
    // One of 55 characters after `acme_eu_` that holds an "_" is no token of `eu`.
    expect(parseToken(format, `acme_eu_prod_${'x'.repeat(50)}`)).toBeUndefined();
  });
});

describe('parseToken with another prefix', () => {
  const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
  const secret = generateToken(format, 'live').slice(9);

  it.each(['prn_prod_', 'PRN_live_', 'prn_LIVE_', 'prn-live-', 'prn_live', '_live_', 'live_', ''])(
    'is none: %j',
    (prefix) => {
      expect(parseToken(format, prefix + secret)).toBeUndefined();
    },
  );

  it('accepts the prefix of another environment of the format', () => {
    expect(parseToken(format, `prn_test_${secret}`)).toEqual({ environment: 'test', secret });
  });
});

describe('parseToken with text that is no token', () => {
  const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
  const token = generateToken(format, 'live');
  const hollow = { length: token.length, startsWith: () => true, charCodeAt: () => 48 };

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 64],
    ['a bigint', 64n],
    ['a symbol', Symbol(token)],
    ['an array of it', [token]],
    ['an array of its characters', [...token]],
    ['a boxed text', Object(token)],
    ['an object that turns into it', { toString: () => token }],
    ['an object that acts like it', hollow],
    ['bytes', new TextEncoder().encode(token)],
    ['a function', () => token],
    ['an object without a prototype', Object.create(null)],
  ])('is refused without a crash: %s', (_, value) => {
    expect(parseToken(format, value)).toBeUndefined();
  });

  it('rejects any character outside 0-9A-Za-z in any place after the prefix', () => {
    for (let code = 0; code < 0x180; code++) {
      const character = String.fromCharCode(code);
      for (const at of [9, 10, 40, 62, 63]) {
        const text = token.slice(0, at) + character + token.slice(at + 1);
        expect(parseToken(format, text) !== undefined).toBe(ALPHABET.includes(character));
      }
    }
  });

  it('rejects a text of any length at the same cost', () => {
    const megabytes = [
      'x'.repeat(1_000_000),
      token.repeat(16_000),
      `prn_live_${'x'.repeat(1_000_000)}`,
      'prn_live_'.repeat(120_000),
      'é'.repeat(1_000_000),
    ];
    let accepted = 0;
    const ms = cpuMsOf(() => {
      for (let round = 0; round < 10_000; round++) {
        for (const text of megabytes) accepted += parseToken(format, text) === undefined ? 0 : 1;
      }
    });
    // To read them would be to read 50 GB.
    expect(ms).toBeLessThan(2000);
    expect(accepted).toBe(0);
  });
});
