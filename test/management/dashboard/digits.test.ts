import { describe, expect, it } from 'vitest';
import { asciiDigits } from '../../../src/management/dashboard/digits.ts';

describe('asciiDigits', () => {
  it.each([
    ['ASCII', '0123456789'],
    ['full-width', '０１２３４５６７８９'],
    ['Arabic', '٠١٢٣٤٥٦٧٨٩'],
    ['Persian', '۰۱۲۳۴۵۶۷۸۹'],
    ['Devanagari', '०१२३४५६७८९'],
    ['mathematical bold', '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗'],
    ['mathematical monospace', '𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿'],
  ])('reads %s digits', (_script, digits) => {
    expect(asciiDigits(digits)).toBe('0123456789');
  });

  it('keeps all other characters', () => {
    expect(asciiDigits('abcd-efgh ½x')).toBe('abcd-efgh 1⁄2x');
  });
});
