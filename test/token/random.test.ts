import { generateToken, tokenFormat } from 'keywright';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ALPHABET, type RandomSource, randomText } from '../../src/token/random.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Every byte equally often, in an order that repeats no sample. */
const everyByte: RandomSource = (bytes) => {
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = (index * 7 + (index >> 8)) & 255;
};

/** Bytes of which so many are characters, and none after those. */
const scarce =
  (count: number): RandomSource =>
  (bytes) => {
    bytes.forEach((_, index) => {
      bytes[index] = index < count ? index % 62 : 62 | (index & 1) | (((index >> 2) & 3) << 6);
    });
  };

/** The characters that bytes stand for: those whose low six bits are below 62. */
function charactersOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ALPHABET[byte % 64] ?? '';
  return text;
}

/** The system's source, and the array that it was last given to fill. */
function watched() {
  const seen: { pool: Uint8Array; calls: number } = { pool: new Uint8Array(), calls: 0 };
  const source: RandomSource = (bytes) => {
    seen.pool = bytes;
    seen.calls++;
    crypto.getRandomValues(bytes);
  };
  return { seen, source };
}

describe('rejection sampling', () => {
  it('maps each byte to its character or to none, in order', () => {
    const bytes = new Uint8Array(16_384);
    everyByte(bytes);
    const expected = charactersOf(bytes);
    expect(expected).toHaveLength(62 * 256);
    const draw = randomText(everyByte);
    const drawn = Array.from({ length: 256 }, () => draw(62)).join('');
    expect(drawn).toBe(expected);
  });

  it('yields every character equally often for uniform bytes', () => {
    const draw = randomText(everyByte);
    const counts = new Map<string, number>();
    for (let round = 0; round < 256; round++) {
      for (const character of draw(62)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect([...counts.keys()].sort().join('')).toBe(ALPHABET);
    expect(new Set(counts.values())).toEqual(new Set([256]));
  });

  it('yields each of the 62 alphanumeric characters', () => {
    expect(ALPHABET).toMatch(/^[0-9A-Za-z]{62}$/);
    expect(new Set(ALPHABET).size).toBe(62);
  });
});

describe('the pool of random text', () => {
  it('fills at first use, and again once it is used up', () => {
    const { seen, source } = watched();
    const draw = randomText(source);
    expect(seen.calls).toBe(0);
    draw(55);
    expect(seen.calls).toBe(1);
    for (let drawn = 55; drawn + 55 < 15_000; drawn += 55) draw(55);
    expect(seen.calls).toBe(1);
    for (let drawn = 0; drawn < 2000; drawn += 55) draw(55);
    expect(seen.calls).toBe(2);
  });

  it('wipes the characters that it returned', () => {
    const { seen, source } = watched();
    const draw = randomText(source);
    for (let round = 0; round < 1000; round++) {
      const text = draw(55);
      // Neither as text nor as the bytes that the text was made from.
      expect(Buffer.from(seen.pool).includes(text)).toBe(false);
      expect(charactersOf(seen.pool)).not.toContain(text);
    }
    expect(seen.calls).toBeGreaterThan(3);
  });

  it('holds nothing of an earlier filling', () => {
    const read = vi.spyOn(Buffer, 'from');
    let source = everyByte;
    const draw = randomText((bytes) => source(bytes));
    const pool = new Uint8Array(read.mock.lastCall?.[0] as unknown as ArrayBuffer);
    draw(55);
    expect(pool.findIndex((byte) => byte !== 0)).toBe(55);
    draw(15_800 - 55);
    source = scarce(200);
    draw(150);
    expect(pool.findIndex((byte) => byte !== 0)).toBe(150);
    expect(pool.findLastIndex((byte) => byte !== 0)).toBe(199);
  });

  it('serves a draw that takes exactly what is left', () => {
    expect(randomText(scarce(55))(55)).toBe(ALPHABET.slice(0, 55));
    expect(() => randomText(scarce(54))(55)).toThrow('not random');
  });

  it('never returns the same characters twice', () => {
    const draw = randomText(crypto.getRandomValues.bind(crypto));
    const texts = Array.from({ length: 5000 }, () => draw(22));
    expect(new Set(texts).size).toBe(5000);
  });

  it('belongs to one source alone', () => {
    const first = randomText(everyByte);
    const second = randomText(everyByte);
    first(100);
    expect(second(62)).toBe(randomText(everyByte)(62));
  });
});

describe('randomText without Buffer', () => {
  it('returns the same text as with Buffer', async () => {
    vi.stubGlobal('Buffer', undefined);
    vi.resetModules();
    const portable = await import('../../src/token/random.ts');
    const draw = portable.randomText(everyByte);
    vi.unstubAllGlobals();
    const native = randomText(everyByte);
    for (const length of [1, 22, 55, 255, 4000]) expect(draw(length)).toBe(native(length));
  });
});

describe('importing the library', () => {
  it('draws nothing, so that a start-up snapshot holds no randomness', async () => {
    const drawn = vi.spyOn(crypto, 'getRandomValues');
    vi.resetModules();
    const library = await import('../../src/index.ts');
    const format = library.tokenFormat({ brand: 'prn', environments: ['live'] });
    library.createApiKeys({ format, store: library.memoryStore() });
    expect(drawn).not.toHaveBeenCalled();
    library.generateToken(format, 'live');
    expect(drawn).toHaveBeenCalledTimes(1);
  });

  it('does not need Math.random', () => {
    const chance = vi.spyOn(Math, 'random');
    generateToken(tokenFormat({ brand: 'prn', environments: ['live'] }), 'live');
    expect(chance).not.toHaveBeenCalled();
  });
});
