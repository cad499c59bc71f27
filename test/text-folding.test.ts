import { describe, expect, it } from 'vitest';
import { foldDigits, foldText } from '../src/text-folding.ts';

/** Every character but the surrogates. */
function* characters(): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
  }
}

describe('foldText', () => {
  it.each([
    ['STRASSE', 'straße', 'Straße', 'STRAẞE', 'ＳＴＲＡＳＳＥ', 'ﬆraſſe'.replace('ﬆ', 'st')],
    ['caf\u00e9', 'cafe\u0301', 'CAF\u00c9', 'CAFE\u0301'],
    ['ΟΔΟΣ', 'οδος', 'οδοσ', 'Οδός'.normalize('NFD').replace('\u0301', '')],
    ['ﬁle', 'FILE', 'file'],
    ['Ⅳ', 'iv'],
    ['각', '\u1100\u1161\u11a8'],
    ['Å', '\u212b', 'å', 'a\u030a'],
    ['ｱﾌﾟﾘ', 'アプリ'],
  ])('folds %j and its other spellings to one text', (first, ...others) => {
    for (const other of others) expect(foldText(other)).toBe(foldText(first));
  });

  it.each([
    ['a', 'b'],
    ['e', 'é'],
    ['1', 'l'],
    ['o', '0'],
    ['か', 'が'],
  ])('keeps %j and %j apart', (one, other) => {
    expect(foldText(one)).not.toBe(foldText(other));
  });

  it('ignores case and form of every character, and leaves folded text unchanged', () => {
    const wrong: string[] = [];
    for (const text of characters()) {
      const folded = foldText(text);
      const others = [text.normalize('NFD'), text.normalize('NFC'), text.toUpperCase(), folded];
      if (others.some((other) => foldText(other) !== folded)) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });
});

describe('foldDigits', () => {
  it.each([
    ['１２３４５６', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['۱۲۳۴۵۶', '123456'],
    ['१२३ ४५६', '123 456'],
    ['๐๙', '09'],
    ['𝟎𝟗𝟘𝟡𝟶𝟿', '090909'],
    ['1a2b-3c4d', '1a2b-3c4d'],
    ['½²', '½²'],
  ])('makes %s into %s', (text, folded) => {
    expect(foldDigits(text)).toBe(folded);
  });

  it('maps every decimal digit of Unicode to its value', () => {
    const digits = [...characters()].filter((text) => /\p{Nd}/u.test(text));
    expect(digits.length % 10).toBe(0);
    expect(digits.map(foldDigits)).toEqual(digits.map((_, i) => String(i % 10)));
  });
});
