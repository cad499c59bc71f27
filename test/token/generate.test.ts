import { generateToken, parseToken, tokenFormat } from 'keywright';
import { describe, expect, it } from 'vitest';
import { ALPHABET } from '../../src/token/random.ts';
import { failureOf, wrong } from '../support.ts';

const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'] });

describe('generateToken', () => {
  it('returns the prefix of the environment and 55 alphanumeric characters', () => {
    expect(generateToken(format, 'live')).toMatch(/^prn_live_[0-9A-Za-z]{55}$/);
    expect(generateToken(format, 'test')).toMatch(/^prn_test_[0-9A-Za-z]{55}$/);
    const acme = tokenFormat({ brand: 'acme', environments: ['eu_prod'] });
    expect(generateToken(acme, 'eu_prod')).toMatch(/^acme_eu_prod_[0-9A-Za-z]{55}$/);
  });

  it.each([22, 28, 100, 255])('returns %i characters after the prefix', (secretLength) => {
    const plain = tokenFormat({ brand: 'a', environments: ['b'], secretLength });
    expect(generateToken(plain, 'b')).toHaveLength(4 + secretLength);
    if (secretLength < 28) return;
    const checked = tokenFormat({
      brand: 'a',
      environments: ['b'],
      secretLength,
      checksum: 'crc32',
    });
    const token = generateToken(checked, 'b');
    expect(token).toHaveLength(4 + secretLength);
    expect(parseToken(checked, token)?.secret).toBe(token.slice(4));
  });

  it('never returns the same token twice', () => {
    const tokens = Array.from({ length: 20_000 }, () => generateToken(format, 'live'));
    expect(new Set(tokens).size).toBe(20_000);
  });

  it('refuses an environment that the format does not have', async () => {
    for (const environment of ['prod', 'LIVE', '', '__proto__', undefined, null, 0, ['live']]) {
      const failure = await failureOf(() => generateToken(format, wrong(environment)));
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'environment' });
    }
  });

  it('draws from the random source of the caller', () => {
    const block = crypto.getRandomValues(new Uint8Array(16_384));
    const expected = [...block].map((byte) => ALPHABET[byte % 64] ?? '').join('');
    const token = generateToken(format, 'live', (bytes) => bytes.set(block));
    expect(token).toBe(`prn_live_${expected.slice(0, 55)}`);
  });
});

/*
 * A false alarm of a chi-square test with k degrees of freedom has a probability of at most e^-x
 * above k + 2 sqrt(k x) + 2 x (Laurent and Massart, "Adaptive estimation of a quadratic functional
 * by model selection", 2000, lemma 1). Over all tests of a run together it is 1e-9 here.
 */
const SYMBOLS = 62;
const LENGTH = 55;
const TESTS = 1 + LENGTH + 1;

function limit(freedom: number): number {
  const x = Math.log(TESTS / 1e-9);
  return freedom + 2 * Math.sqrt(freedom * x) + 2 * x;
}

function chiSquare(counts: ArrayLike<number>): number {
  let total = 0;
  let squares = 0;
  for (let index = 0; index < counts.length; index++) {
    total += counts[index] ?? 0;
    squares += (counts[index] ?? 0) ** 2;
  }
  return (squares * counts.length) / total - total;
}

/** How often each character, each in each place, and each pair of neighbours was drawn. */
function tally(draw: () => string, rounds: number) {
  const all = new Float64Array(SYMBOLS);
  const places = Array.from({ length: LENGTH }, () => new Float64Array(SYMBOLS));
  const pairs = new Float64Array(SYMBOLS * SYMBOLS);
  const valueAt = Array.from({ length: 128 }, (_, code) =>
    ALPHABET.indexOf(String.fromCharCode(code)),
  );
  for (let round = 0; round < rounds; round++) {
    const secret = draw();
    let before = -1;
    for (const [place, counts] of places.entries()) {
      const value = valueAt[secret.charCodeAt(place)] ?? -1;
      all[value] = (all[value] ?? 0) + 1;
      counts[value] = (counts[value] ?? 0) + 1;
      // Pairs that share no character, as those that do are not independent.
      if (place % 2 === 1)
        pairs[before * SYMBOLS + value] = (pairs[before * SYMBOLS + value] ?? 0) + 1;
      before = value;
    }
  }
  return { all, places, pairs };
}

describe('the characters of tokens', () => {
  it('pass tests of uniformity in every place and of independence', () => {
    const drawn = tally(() => generateToken(format, 'live').slice(9), 20_000);
    expect(chiSquare(drawn.all)).toBeLessThan(limit(SYMBOLS - 1));
    for (const [place, counts] of drawn.places.entries()) {
      expect(chiSquare(counts), `place ${place}`).toBeLessThan(limit(SYMBOLS - 1));
    }
    expect(chiSquare(drawn.pairs)).toBeLessThan(limit(SYMBOLS ** 2 - 1));
  });

  it('fails these tests if characters are drawn by modulo', () => {
    const bytes = new Uint8Array(LENGTH);
    const biased = tally(() => {
      crypto.getRandomValues(bytes);
      return [...bytes].map((byte) => ALPHABET.charAt(byte % SYMBOLS)).join('');
    }, 20_000);
    expect(chiSquare(biased.all)).toBeGreaterThan(limit(SYMBOLS - 1));
    const failing = biased.places.filter((counts) => chiSquare(counts) > limit(SYMBOLS - 1));
    expect(failing.length).toBeGreaterThan(0);
  });

  it('fails these tests if neighbours depend on each other', () => {
    const repeating = tally(() => {
      const secret = generateToken(format, 'live').slice(9);
      return secret.replace(/(.)(.)/g, (pair, first: string) =>
        first < '4' ? first + first : pair,
      );
    }, 20_000);
    expect(chiSquare(repeating.pairs)).toBeGreaterThan(limit(SYMBOLS ** 2 - 1));
  });
});
