import { generateToken, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { hintOf } from '../../src/token/parse.ts';

describe('hintOf', () => {
  it('shows the prefix and four characters', () => {
    const format = tokenFormat({ brand: 'acme', environments: ['eu_prod'] });
    const token = generateToken(format, 'eu_prod');
    expect(hintOf(format, 'eu_prod', token)).toBe(token.slice(0, 'acme_eu_prod_'.length + 4));
  });

  it.each([
    [22, 0],
    [23, 1],
    [24, 2],
    [25, 3],
    [26, 4],
    [27, 4],
    [255, 4],
  ])('of %i random characters shows %i', (random, shown) => {
    const plain = tokenFormat({ brand: 'prn', environments: ['live'], secretLength: random });
    const token = generateToken(plain, 'live');
    expect(hintOf(plain, 'live', token)).toBe(token.slice(0, 9 + shown));
    if (random > 249) return;
    const checked = tokenFormat({
      brand: 'prn',
      environments: ['live'],
      secretLength: random + 6,
      checksum: 'crc32',
    });
    const longer = generateToken(checked, 'live');
    expect(hintOf(checked, 'live', longer)).toBe(longer.slice(0, 9 + shown));
  });

  it('leaves at least 128 random bits unshown', () => {
    for (const checksum of [0, 6]) {
      for (let secretLength = 22 + checksum; secretLength <= 255; secretLength++) {
        const options = { brand: 'p', environments: ['e'], secretLength } as const;
        const format = tokenFormat(checksum ? { ...options, checksum: 'crc32' } : options);
        const token = generateToken(format, 'e');
        const hint = hintOf(format, 'e', token);
        expect(token.startsWith(hint)).toBe(true);
        // The checksum follows from the rest, so it hides nothing.
        const hidden = token.length - hint.length - checksum;
        expect(hidden * Math.log2(62)).toBeGreaterThanOrEqual(128);
      }
    }
  });
});
