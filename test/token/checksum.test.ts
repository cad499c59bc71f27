import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { generateToken, parseToken, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { CHECKSUM_LENGTH, checksum, crc32 } from '../../src/token/checksum.ts';
import { ALPHABET } from '../../src/token/random.ts';

const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'], checksum: 'crc32' });
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 300 });

/** Base62, digit by digit, without the loop of the source. */
function base62(value: number): string {
  const digits = Array.from({ length: CHECKSUM_LENGTH }, (_, place) =>
    ALPHABET.charAt(Number((BigInt(value) / 62n ** BigInt(5 - place)) % 62n)),
  );
  return digits.join('');
}

describe('crc32', () => {
  // The first is the check value by which the catalogues of CRCs name the algorithm.
  it.each([
    ['123456789', 0xcbf43926],
    ['', 0],
    ['a', 0xe8b7be43],
    ['abc', 0x352441c2],
    ['message digest', 0x20159d7f],
    ['abcdefghijklmnopqrstuvwxyz', 0x4c2750bd],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 0x1fc2e6d2],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
    ['\0'.repeat(32), 0x190a55ad],
  ])('of %j is the published value', (text, value) => {
    expect(crc32(text)).toBe(value);
  });

  it('equals the CRC-32 of zlib for any ASCII text', () => {
    fc.assert(
      fc.property(ascii, (text) => {
        expect(crc32(text)).toBe(zlibCrc32(text));
      }),
    );
  });
});

describe('checksum', () => {
  it('writes the CRC-32 as six characters of base62, the most significant first', () => {
    expect(checksum('')).toBe('000000');
    expect(checksum('123456789')).toBe('3jZRME');
    fc.assert(
      fc.property(ascii, (text) => {
        expect(checksum(text)).toBe(base62(zlibCrc32(text)));
      }),
    );
  });

  it('holds every CRC-32 in six characters', () => {
    expect(62 ** CHECKSUM_LENGTH).toBeGreaterThan(2 ** 32);
    expect(62 ** (CHECKSUM_LENGTH - 1)).toBeLessThan(2 ** 32);
  });
});

describe('a token with a checksum', () => {
  const token = generateToken(format, 'live');

  it('ends with the checksum of everything before it, prefix included', () => {
    expect(token.slice(-6)).toBe(base62(zlibCrc32(token.slice(0, -6))));
    expect(parseToken(format, token)).toEqual({ environment: 'live', secret: token.slice(9) });
  });

  it('fails to parse with any one character changed', () => {
    for (let place = 0; place < token.length; place++) {
      for (const character of `${ALPHABET}_`) {
        if (character === token[place]) continue;
        const changed = token.slice(0, place) + character + token.slice(place + 1);
        expect(parseToken(format, changed), changed).toBeUndefined();
      }
    }
  });

  it('fails to parse with two neighbours swapped', () => {
    for (let place = 0; place < token.length - 1; place++) {
      const [first = '', second = ''] = token.slice(place, place + 2);
      if (first === second) continue;
      const swapped = token.slice(0, place) + second + first + token.slice(place + 2);
      expect(parseToken(format, swapped), swapped).toBeUndefined();
    }
  });

  it('fails to parse under the prefix of another environment', () => {
    const moved = `prn_test_${token.slice(9)}`;
    expect(parseToken(format, moved)).toBeUndefined();
    const plain = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });
    expect(parseToken(plain, moved)?.environment).toBe('test');
  });
});
