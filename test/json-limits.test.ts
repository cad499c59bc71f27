import { inspect } from 'node:util';
import { generateToken, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { plainJsonObject } from '../src/json.ts';
import { failureOf } from './support.ts';

const copyOf = (value: unknown, maxBytes = 4096) => plainJsonObject(value, 'metadata', maxBytes);

class Plan {
  name = 'pro';
}

const cycle: Record<string, unknown> = { list: [] };
(cycle.list as unknown[]).push({ cycle });

describe('plainJsonObject with what JSON cannot hold', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['a symbol', Symbol('a')],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a set', new Set()],
    ['a regular expression', /x/],
    ['an instance of a class', new Plan()],
    ['an object that inherits', Object.create({ inherited: 1 })],
    ['bytes', new Uint8Array(1)],
    ['a boxed text', Object('boxed')],
    ['a boxed number', Object(1)],
    ['a promise', Promise.resolve()],
    ['an error', new Error('x')],
    ['an object with a method', { toJSON: () => 'text' }],
    ['NUL', 'a\0'],
    ['a lone surrogate', 'a\ud800'],
    ['a name with NUL', { 'a\0': 1 }],
    ['a name with a lone surrogate', { '\udc00': 1 }],
    ['an array with a hole', Object.assign([1], { 2: 3 })],
    ['an array of holes', new Array(3)],
  ])('is refused, wherever it is: %s', async (_, value) => {
    for (const [path, given] of [
      ['metadata.a', { a: value }],
      ['metadata.a[1]', { a: [1, value] }],
      ['metadata.a[0].b[0].c', { a: [{ b: [{ c: value }] }] }],
    ] as const) {
      const failure = await failureOf(() => copyOf(given));
      expect(failure).toHaveProperty('code', 'invalid_argument');
      expect((failure as { argument: string }).argument.slice(0, path.length)).toBe(path);
    }
  });

  it.each([undefined, null, 'text', 5, true, [], [{}], new Plan(), new Date(0), new Map(), copyOf])(
    'is refused as a whole: %o',
    async (value) => {
      const failure = await failureOf(() => copyOf(value));
      expect(failure).toMatchObject({
        argument: 'metadata',
        message: 'metadata must be a plain object',
      });
    },
  );
});

describe('the size limit of plainJsonObject', () => {
  const tooLarge = 'metadata must be at most 100 bytes as JSON';

  it('accepts the maximum and not a byte more', () => {
    const around = '{"a":""}'.length;
    expect(copyOf({ a: 'x'.repeat(100 - around) }, 100)).toBeDefined();
    expect(() => copyOf({ a: 'x'.repeat(101 - around) }, 100)).toThrow(tooLarge);
  });

  it('counts bytes of UTF-8, with the escapes of JSON', () => {
    expect(copyOf({ a: '😀'.repeat(23) }, 100)).toBeDefined();
    expect(() => copyOf({ a: '😀'.repeat(24) }, 100)).toThrow(tooLarge);
    expect(copyOf({ a: '\n'.repeat(46) }, 100)).toBeDefined();
    expect(() => copyOf({ a: '\n'.repeat(47) }, 100)).toThrow(tooLarge);
  });

  it('counts names as well', () => {
    expect(() => copyOf({ ['k'.repeat(100)]: 1 }, 100)).toThrow(tooLarge);
    expect(() => copyOf({ ['k'.repeat(1e6)]: 1 }, 100)).toThrow(tooLarge);
  });
});

describe('the depth limit of plainJsonObject', () => {
  const nested = (levels: number, wrap: (value: unknown) => unknown) => {
    let value: unknown = 1;
    for (let level = 1; level < levels; level++) value = wrap(value);
    return { value };
  };

  it.each([
    ['objects', (value: unknown) => ({ value })],
    ['arrays', (value: unknown) => [value]],
  ])('may be 16 levels of %s, and no more', (_, wrap) => {
    expect(copyOf(nested(16, wrap))).toBeDefined();
    expect(() => copyOf(nested(17, wrap))).toThrow('at most 16 levels deep');
    expect(() => copyOf(nested(100_000, wrap))).toThrow('at most 16 levels deep');
  });

  it('ends a cycle', () => {
    expect(() => copyOf(cycle)).toThrow('at most 16 levels deep');
    expect(() => copyOf(Object.assign(cycle, { itself: cycle }))).toThrow('at most 16 levels deep');
  });
});

describe('the work of plainJsonObject', () => {
  const reads = { count: 0 };
  const counted = (target: object) =>
    new Proxy(target, {
      get(object, name, receiver) {
        reads.count++;
        return Reflect.get(object, name, receiver);
      },
    });

  it.each<[string, () => unknown, number]>([
    ['a long array', () => counted(new Array(1_000_000).fill(0)), 20_000],
    ['the longest array', () => counted(new Proxy(new Array(2 ** 32 - 1), zeros)), 20_000],
    ['an object of many members', () => counted(Object.fromEntries(pairs(100_000))), 120_000],
    ['one array named over and over', () => fan(15, 10, (items) => items), 20_000],
    ['one object named over and over', () => fan(15, 10, (items) => ({ ...items })), 20_000],
  ])('is bounded by the size allowed, for %s', async (_, make, most) => {
    reads.count = 0;
    const value = make();
    expect(await failureOf(() => copyOf({ value }))).toMatchObject({
      code: 'invalid_argument',
      message: 'metadata must be at most 4096 bytes as JSON',
    });
    expect(reads.count).toBeGreaterThan(0);
    expect(reads.count).toBeLessThan(most);
  });

  it.each<[string, (text: string) => unknown]>([
    ['as a value', (text) => ({ value: new Array(1000).fill(text) })],
    ['as a name', (text) => ({ value: new Array(1000).fill({ [text]: 1 }) })],
  ])('is bounded for one long text that is there over and over, %s', async (_, make) => {
    // As JSON it would be a gigabyte, more than the longest string there is.
    const failure = await failureOf(() => copyOf(make('x'.repeat(1_000_000))));
    expect(failure).toMatchObject({
      code: 'invalid_argument',
      message: 'metadata must be at most 4096 bytes as JSON',
    });
  });

  const zeros: ProxyHandler<unknown[]> = {
    get: (array, name) => (/^\d+$/.test(String(name)) ? 0 : Reflect.get(array, name)),
  };

  function* pairs(count: number): Iterable<[string, number]> {
    for (let index = 0; index < count; index++) yield [`k${index}`, index];
  }

  /** A value that is small in memory, and `width ** depth` values as JSON. */
  function fan(depth: number, width: number, shape: (items: unknown[]) => object): unknown {
    let value: unknown = 0;
    for (let level = 1; level < depth; level++) {
      value = counted(shape(new Array(width).fill(value)));
    }
    return value;
  }
});

describe('the error of plainJsonObject', () => {
  it.each([22, 24, 55])(
    'repeats no token of %i characters that was pasted as a name',
    async (length) => {
      const options = { brand: 'p', environments: ['live'], secretLength: length } as const;
      const token = generateToken(tokenFormat(options), 'live');
      for (const given of [{ [token]: undefined }, { a: [{ [token]: { deep: Number.NaN } }] }]) {
        const failure = await failureOf(() => copyOf(given));
        expect(inspect(failure, { showHidden: true, depth: 9 })).not.toContain(token.slice(-8));
      }
    },
  );

  it('shows no value', async () => {
    const failure = await failureOf(() => copyOf({ a: 'secret\0', b: 1 }));
    expect(inspect(failure)).not.toContain('secret');
  });
});
