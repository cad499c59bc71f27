import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneJson, isStorable, type JsonValue, plainJsonObject } from '../src/json.ts';
import { anyText } from './arbitraries.ts';

const copyOf = (value: unknown, maxBytes = 4096) => plainJsonObject(value, 'metadata', maxBytes);

const text = anyText(10).map((units) => units.toWellFormed().replaceAll('\0', ''));
const json = fc.letrec<{ value: JsonValue; object: Record<string, JsonValue> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor')), tie('value'), {
    maxKeys: 4,
  }),
})).object;

describe('plainJsonObject', () => {
  it('copies any plain JSON as JSON itself would', () => {
    fc.assert(
      fc.property(json, (value) => {
        // As text: the matchers of Vitest do not read a member named `__proto__`.
        expect(JSON.stringify(copyOf(value, 1e6))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('returns a deep copy', () => {
    const given = { list: [{ deep: 1 }], object: { deep: [2] } };
    const copy = copyOf(given);
    given.list[0] = { deep: 3 };
    given.list.push({ deep: 4 });
    given.object.deep[0] = 5;
    expect(copy).toEqual({ list: [{ deep: 1 }], object: { deep: [2] } });
  });

  it('turns -0 into 0, as JSON has no -0', () => {
    expect(Object.is(copyOf({ zero: -0 }).zero, 0)).toBe(true);
  });

  it('reads each member once, so that it keeps what it checked', () => {
    const answers = ['first', new Date(0)];
    const given = {
      get plan() {
        return answers.shift();
      },
    };
    expect(copyOf(given)).toEqual({ plan: 'first' });
    expect(answers).toHaveLength(1);
  });

  it('rethrows what a member throws', () => {
    const failure = new Error('no such tenant');
    const given = {
      get plan() {
        throw failure;
      },
    };
    expect(() => copyOf(given)).toThrow(failure);
  });

  it('leaves out symbols and members that are not enumerable, as JSON does', () => {
    const given = Object.defineProperty({ kept: 1, [Symbol('hidden')]: 2 }, 'hidden', { value: 3 });
    expect(Reflect.ownKeys(copyOf(given))).toEqual(['kept']);
  });
});

describe('member names special in JavaScript', () => {
  const hostile = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}';

  it.each([
    ['plainJsonObject', (value: JsonValue) => copyOf(value)],
    ['cloneJson', (value: JsonValue) => cloneJson(value)],
  ])('are data like any other to %s', (_, copy) => {
    const copied = copy(JSON.parse(hostile)) as Record<string, unknown>;
    expect(JSON.stringify(copied)).toBe(hostile);
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
    expect(copied.admin).toBeUndefined();
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('copies special member names deep inside as data', () => {
    const given = JSON.parse('{"a":[{"__proto__":[1]}],"toString":"x","hasOwnProperty":null}');
    expect(JSON.stringify(copyOf(given))).toBe(JSON.stringify(given));
  });
});

describe('objects of another realm', () => {
  it('accepts objects that are plain in their realm', () => {
    const copy = copyOf(runInNewContext("({ plan: 'pro', seats: [1, { extra: null }] })"));
    expect(copy).toStrictEqual({ plan: 'pro', seats: [1, { extra: null }] });
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy.seats).toBeInstanceOf(Array);
  });

  it.each(['new Date(0)', 'new Map()', 'new (class Plan {})()', '[]', '() => {}', 'null'])(
    'are not where they are %s',
    (code) => {
      const value: unknown = runInNewContext(`(${code})`);
      expect(() => copyOf(value)).toThrow('metadata must be a plain object');
    },
  );

  it('accepts objects without a prototype', () => {
    const given = Object.assign(Object.create(null), { plan: 'pro' });
    expect(copyOf(given)).toStrictEqual({ plan: 'pro' });
  });
});

describe('cloneJson', () => {
  it('copies any JSON value and shares nothing with it', () => {
    fc.assert(
      fc.property(json, (object) => {
        const value = JSON.parse(JSON.stringify(object));
        const copy = cloneJson(value);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
        for (const [given, copied] of sameplaced(value, copy)) expect(copied).not.toBe(given);
      }),
    );
  });

  it.each([null, true, 0, 'text'])('returns %s as it is', (value) => {
    expect(cloneJson(value)).toBe(value);
  });
});

describe('isStorable', () => {
  it.each(['', 'Zapier', 'né', '😀', '\u0001', '\ufffd', '\u{10ffff}'])('accepts %j', (value) => {
    expect(isStorable(value)).toBe(true);
  });

  it.each(['\0', 'a\0b', '\ud800', '\udc00', 'a\ud83d', '\ude00\ud83d'])('refuses %j', (value) => {
    expect(isStorable(value)).toBe(false);
  });
});

/** The objects that stand in the same places of two values of one shape. */
function* sameplaced(given: unknown, copied: unknown): Iterable<[object, object]> {
  if (typeof given !== 'object' || given === null) return;
  yield [given, copied as object];
  for (const [name, member] of Object.entries(given)) {
    yield* sameplaced(member, Object.getOwnPropertyDescriptor(copied, name)?.value);
  }
}
