import { generateToken, type TokenFormatOptions, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { prefixOf, randomLength } from '../../src/token/format.ts';
import { failureOf, wrong } from '../support.ts';

const options: TokenFormatOptions = { brand: 'prn', environments: ['live', 'test'] };
const names = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);

describe('tokenFormat', () => {
  it('returns a format of 64 characters, 55 of them random', () => {
    const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
    expect(format).toStrictEqual({
      brand: 'prn',
      environments: ['live', 'test'],
      secretLength: 55,
      prefixes: [
        { environment: 'live', text: 'prn_live_' },
        { environment: 'test', text: 'prn_test_' },
      ],
    });
    expect(generateToken(format, 'live')).toHaveLength(64);
    expect(randomLength(format)).toBe(55);
  });

  it('counts the checksum among the characters after the prefix', () => {
    const format = tokenFormat({ ...options, checksum: 'crc32' });
    expect(format).toMatchObject({ checksum: 'crc32', secretLength: 55 });
    expect(randomLength(format)).toBe(49);
  });

  it('accepts "_" within the brand and the environments', () => {
    const format = tokenFormat({ brand: 'acme', environments: ['eu_prod', 'eu'] });
    expect(format.prefixes.map(({ text }) => text)).toEqual(['acme_eu_prod_', 'acme_eu_']);
    const nested = tokenFormat({ brand: 'ac_me_2', environments: ['a_b_c'] });
    expect(prefixOf(nested, 'a_b_c')).toBe('ac_me_2_a_b_c_');
  });

  it.each(['p', 'P', '7', 'x'.repeat(32), 'a_b', `${'a_'.repeat(15)}b`])(
    'accepts the name %j for a brand and for an environment',
    (name) => {
      expect(tokenFormat({ brand: name, environments: [name] }).prefixes[0]?.text).toBe(
        `${name}_${name}_`,
      );
    },
  );

  it('accepts 32 environments, and names that are members of every object', () => {
    expect(tokenFormat({ ...options, environments: names(32) }).environments).toHaveLength(32);
    const format = tokenFormat({ brand: 'toString', environments: ['constructor', 'valueOf'] });
    expect(prefixOf(format, 'valueOf')).toBe('toString_valueOf_');
  });

  it('returns a deeply frozen copy of its options', () => {
    const environments = ['live', 'test'];
    const format = tokenFormat({ brand: 'prn', environments });
    environments[0] = 'other';
    expect(format.environments).toEqual(['live', 'test']);
    for (const part of [format, format.environments, format.prefixes, ...format.prefixes]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('secretLength', () => {
  it.each([22, 23, 55, 254, 255])('accepts %i', (secretLength) => {
    expect(tokenFormat({ ...options, secretLength }).secretLength).toBe(secretLength);
  });

  it.each([28, 29, 255])('accepts %i with a checksum', (secretLength) => {
    const format = tokenFormat({ ...options, secretLength, checksum: 'crc32' });
    expect(randomLength(format)).toBe(secretLength - 6);
  });

  it('carries 128 random bits at its minimum, and fewer with one character less', () => {
    expect(62n ** 22n).toBeGreaterThan(2n ** 128n);
    expect(62n ** 21n).toBeLessThan(2n ** 128n);
  });

  it.each([21, 0, -22, 256, 22.5, Number.NaN, Number.POSITIVE_INFINITY, '55', null, 55n])(
    'may not be %s',
    async (secretLength) => {
      const failure = await failureOf(() =>
        tokenFormat({ ...options, secretLength: wrong(secretLength) }),
      );
      expect(failure).toMatchObject({
        code: 'invalid_argument',
        argument: 'secretLength',
        message: 'secretLength must be an integer from 22 (128 random bits) to 255',
      });
    },
  );

  it.each([27, 22, 256])('rejects %i with a checksum', async (secretLength) => {
    const failure = await failureOf(() =>
      tokenFormat({ ...options, secretLength, checksum: 'crc32' }),
    );
    expect(failure).toMatchObject({
      argument: 'secretLength',
      message: 'secretLength must be an integer from 28 (128 random bits) to 255',
    });
  });
});

describe('tokenFormat with wrong options', () => {
  const labels = [
    '',
    '_',
    'a_',
    '_a',
    'a__b',
    'a-b',
    'a b',
    'a\n',
    'é',
    'ａ',
    '\0',
    'x'.repeat(33),
  ];

  it.each([...labels, undefined, null, 5, ['prn'], Object('prn')])(
    'a brand may not be %j',
    async (brand) => {
      const failure = await failureOf(() => tokenFormat({ ...options, brand: wrong(brand) }));
      expect(failure).toMatchObject({
        code: 'invalid_argument',
        argument: 'brand',
        message: 'brand must be 1 to 32 letters and digits, with single "_" between them',
      });
    },
  );

  it.each([...labels, undefined, null, 5, ['live'], Object('live')])(
    'an environment may not be %j',
    async (name) => {
      const failure = await failureOf(() =>
        tokenFormat({ ...options, environments: ['live', wrong(name)] }),
      );
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'environments[1]' });
    },
  );

  it.each<[string, unknown, string]>([
    ['missing', undefined, 'must be an array of names'],
    ['null', null, 'must be an array of names'],
    ['a text', 'live', 'must be an array of names'],
    ['an object', { 0: 'live', length: 1 }, 'must be an array of names'],
    ['a set', new Set(['live']), 'must be an array of names'],
    ['empty', [], 'must contain 1 to 32 names'],
    ['33', names(33), 'must contain 1 to 32 names'],
    ['repeated', ['live', 'test', 'live'], 'must not repeat a name'],
  ])('environments may not be %s', async (_, environments, rule) => {
    const failure = await failureOf(() =>
      tokenFormat({ ...options, environments: wrong(environments) }),
    );
    expect(failure).toMatchObject({
      code: 'invalid_argument',
      argument: 'environments',
      message: `environments ${rule}`,
    });
  });

  it('rejects an array of environments with holes', async () => {
    const sparse = Object.assign(['live'], { 2: 'test' });
    const failure = await failureOf(() => tokenFormat({ ...options, environments: sparse }));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'environments[1]' });
  });

  it.each(['', 'CRC32', 'crc32c', true, null, 32])('rejects the checksum %j', async (checksum) => {
    const failure = await failureOf(() => tokenFormat({ ...options, checksum: wrong(checksum) }));
    expect(failure).toMatchObject({
      code: 'invalid_argument',
      argument: 'checksum',
      message: "checksum must be 'crc32' or left out",
    });
  });

  it('rejects options that are not an object', async () => {
    for (const value of [undefined, null, 'prn']) {
      const failure = await failureOf(() => tokenFormat(wrong(value)));
      expect(failure).toMatchObject({ code: 'invalid_argument' });
    }
  });

  it('rejects a mistyped option, which would drop the checksum silently', async () => {
    const failure = await failureOf(() => tokenFormat({ ...options, ...{ cheksum: 'crc32' } }));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'options.cheksum' });
  });

  it('shows no value in its errors', async () => {
    for (const field of ['brand', 'checksum', 'secretLength'] as const) {
      const failure = await failureOf(() => tokenFormat({ ...options, [field]: 'hunter2 ' }));
      expect(String(failure)).not.toContain('hunter2');
    }
  });
});

describe('prefixOf', () => {
  it.each(['prod', 'liv', 'live_', 'LIVE', '', '__proto__', undefined])(
    'refuses the environment %j',
    async (environment) => {
      const failure = await failureOf(() => prefixOf(tokenFormat(options), wrong(environment)));
      expect(failure).toMatchObject({
        code: 'invalid_argument',
        argument: 'environment',
        message: 'environment must be one of live, test',
      });
    },
  );
});
