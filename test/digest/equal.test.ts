import fc from 'fast-check';
import { digestsEqual, digestToken } from 'keywright';
import { describe, expect, it } from 'vitest';

const digest = digestToken('abc');

describe('digestsEqual', () => {
  it.each<[string, string, boolean]>([
    ['', '', true],
    ['a', 'a', true],
    ['a', 'b', false],
    ['a', '', false],
    ['', 'a', false],
    ['ab', 'ba', false],
    ['a', 'A', false],
    ['a', 'aa', false],
    ['\0', '', false],
    ['\0', '\0', true],
    ['\u0100', '\0', false],
    ['\u0161', 'a', false],
    [digest, digest, true],
    [digest, digest.toUpperCase(), false],
    [digest, digest.slice(1), false],
    [digest, `${digest} `, false],
    [digest, '-'.repeat(64), false],
  ])('of %j and %j is %s', (a, b, equal) => {
    expect(digestsEqual(a, b)).toBe(equal);
  });

  it('finds a difference in any place', () => {
    for (let place = 0; place < digest.length; place++) {
      for (const character of '0123456789abcdef') {
        const other = digest.slice(0, place) + character + digest.slice(place + 1);
        expect(digestsEqual(digest, other)).toBe(character === digest[place]);
        expect(digestsEqual(other, digest)).toBe(character === digest[place]);
      }
    }
  });

  it('agrees with `===`', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', 'a', '\u0130'), maxLength: 4 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(digestsEqual(a, b)).toBe(a === b);
        expect(digestsEqual(a, `${a}`)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads every character, wherever the first difference is', () => {
    // Counted and not timed: a clock would tell differently on each machine.
    const reads: number[] = [];
    const watched = (text: string) =>
      Object.assign(Object(text) as string, {
        charCodeAt(place: number) {
          reads.push(place);
          return text.charCodeAt(place);
        },
      });
    for (const other of [digest, `x${digest.slice(1)}`, `${digest.slice(0, -1)}x`]) {
      reads.length = 0;
      digestsEqual(watched(digest), other);
      expect(reads).toEqual(Array.from({ length: 64 }, (_, place) => place));
    }
  });
});
