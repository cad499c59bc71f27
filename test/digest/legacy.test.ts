import { createHash, createHmac } from 'node:crypto';
import { type LegacyFormatOptions, legacyFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { wrong } from '../support.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const secret = 'Zk3vQ8mN1xR7tY2bW9cE5gH4jL6pA0sDfUiOqKzX';
const plain = { alphabet: 'alphanumeric', length: 40 } as const;

describe('the pattern of a legacy format', () => {
  it('finds a whole token in a text, and no part of a longer word', () => {
    const { pattern = '' } = legacyFormat({ ...plain, prefix: 'a.b+' });
    expect(new RegExp(pattern).exec(`my a.b+${secret}, here`)?.[0]).toBe(`a.b+${secret}`);
    for (const text of [`axbb${secret}`, `xa.b+${secret}`, `a.b+${secret}1`]) {
      expect(new RegExp(pattern).test(text), text).toBe(false);
    }
  });

  it.each<[string, LegacyFormatOptions, boolean]>([
    ['a prefix of three characters', { ...plain, prefix: 'sk_' }, true],
    ['the separator |', { ...plain, separator: '|' }, true],
    ['no prefix', plain, false],
    ['a prefix of two characters', { ...plain, prefix: 'sk' }, false],
    ['a separator that words hold', { ...plain, separator: '_' }, false],
  ])('with %s is given: %s', (_, options, isGiven) => {
    expect(legacyFormat(options).pattern !== undefined).toBe(isGiven);
  });
});

describe('the digest of a legacy token', () => {
  it.each<[string, LegacyFormatOptions, string, string]>([
    ['SHA-256 of the whole', { ...plain, prefix: 'sk_' }, `sk_${secret}`, sha256(`sk_${secret}`)],
    [
      'SHA-256 of the part after the separator',
      { ...plain, separator: '|', digested: 'secret' },
      `12|${secret}`,
      sha256(secret),
    ],
    [
      'SHA-256 of the part after a prefix and a public part',
      { ...plain, prefix: 'brand_', separator: '_', digested: 'secret' },
      `brand_BRTRKFsL_${secret}`,
      sha256(secret),
    ],
    [
      'HMAC-SHA256 with a key of text',
      { ...plain, hmacKey: 'old key' },
      secret,
      createHmac('sha256', 'old key').update(secret).digest('hex'),
    ],
    [
      'HMAC-SHA256 with a key of bytes',
      { ...plain, hmacKey: Uint8Array.of(1, 2, 3) },
      secret,
      createHmac('sha256', Uint8Array.of(1, 2, 3))
        .update(secret)
        .digest('hex'),
    ],
  ])('is %s', (_, options, token, digest) => {
    expect(legacyFormat(options).digest(token)).toBe(digest);
  });

  it.each<[string, LegacyFormatOptions, unknown]>([
    ['too short a text', plain, secret.slice(1)],
    ['too long a text', plain, `${secret}a`],
    ['a newline at the end', plain, `${secret}\n`],
    ['a character of no alphabet', plain, `${secret.slice(1)}-`],
    ['another prefix', { ...plain, prefix: 'sk_' }, `pk_${secret}`],
    ['a prefix that a pattern would match', { ...plain, prefix: 'a.b+' }, `axbb${secret}`],
    ['no public part', { ...plain, separator: '|' }, `|${secret}`],
    ['a public part without a separator', { ...plain, separator: '|' }, secret],
    [
      'upper case in place of given characters',
      { alphabet: 'abcdefghij', length: 16 },
      'A'.repeat(16),
    ],
    ['a number', plain, 7],
    ['nothing', plain, undefined],
  ])('is none for %s', (_, options, token) => {
    expect(legacyFormat(options).digest(token)).toBeUndefined();
  });

  it('accepts every length of a range, and characters that are special in a pattern', () => {
    const format = legacyFormat({ alphabet: 'abcdefghij-.+/~', length: { min: 16, max: 18 } });
    expect([15, 16, 17, 18, 19].map((n) => format.digest('-'.repeat(n)) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('ignores later changes of the key bytes', () => {
    const key = Uint8Array.of(1, 2, 3);
    const format = legacyFormat({ ...plain, hmacKey: key });
    const before = format.digest(secret);
    key.fill(0);
    expect(format.digest(secret)).toBe(before);
  });
});

describe('a legacy format', () => {
  it.each<[object, string]>([
    [{ ...plain, prefix: 'sk ' }, 'prefix'],
    [{ ...plain, prefix: 'x'.repeat(65) }, 'prefix'],
    [{ ...plain, separator: ',' }, 'separator'],
    [{ ...plain, separator: '||' }, 'separator'],
    [{ ...plain, alphabet: 'base58' }, 'alphabet'],
    [{ ...plain, alphabet: 'abcdefghij]' }, 'alphabet'],
    [{ ...plain, alphabet: 'toString' }, 'alphabet'],
    [{ length: 40 }, 'alphabet'],
    [{ ...plain, length: 15 }, 'length'],
    [{ ...plain, length: 256 }, 'length'],
    [{ ...plain, length: { min: 40, max: 39 } }, 'length'],
    [{ ...plain, length: '40' }, 'length'],
    [{ alphabet: 'hex' }, 'length'],
    [{ ...plain, digested: 'id' }, 'digested'],
    [{ ...plain, hmacKey: '' }, 'hmacKey'],
    [{ ...plain, hmacKey: 7 }, 'hmacKey'],
    [{ ...plain, environment: 7 }, 'environment'],
    [{ ...plain, lengths: 40 }, 'options.lengths'],
  ])('is refused with %j', (options, argument) => {
    expect(() => legacyFormat(wrong(options))).toThrow(
      expect.objectContaining({ code: 'invalid_argument', argument }),
    );
  });
});
