import { generateToken, parseToken, type RandomSource, tokenFormat } from 'keywright';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomText } from '../../src/token/random.ts';
import { failureOf, wrong } from '../support.ts';

const format = tokenFormat({ brand: 'prn', environments: ['live'] });
const good: RandomSource = (bytes) => crypto.getRandomValues(bytes);

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetModules();
});

const broken: Record<string, RandomSource> = {
  'throws at once': () => {
    throw new Error('entropy pool closed');
  },
  'throws after it has filled the array': (bytes) => {
    crypto.getRandomValues(bytes);
    throw new Error('entropy pool closed');
  },
  'does nothing': () => {},
  'gives zeros': (bytes) => bytes.fill(0),
  'gives ones': (bytes) => bytes.fill(255),
  'gives one byte over and over': (bytes) => bytes.fill(0x37),
  'gives four bytes over and over': (bytes) => {
    for (let index = 0; index < bytes.length; index++) bytes[index] = [3, 1, 4, 15][index & 3] ?? 0;
  },
  'fills the first half alone': (bytes) => crypto.getRandomValues(bytes.subarray(0, 8192)),
  'fills all but the last 16 bytes': (bytes) =>
    crypto.getRandomValues(bytes.subarray(0, bytes.length - 16)),
  'gets stuck after 8 kB': (bytes) => crypto.getRandomValues(bytes).fill(0x5a, 8192),
  'fills a copy': (bytes) => crypto.getRandomValues(bytes.slice()),
  rejects: async () => {
    throw new Error('entropy pool closed');
  },
  'fills the array later': (bytes) =>
    new Promise((resolve) => setTimeout(() => resolve(crypto.getRandomValues(bytes)))),
  'gives bytes that are no character': (bytes) => {
    // 62 and 63, with any two bits above them, are the values that are drawn again.
    crypto.getRandomValues(bytes);
    for (let index = 0; index < bytes.length; index++) bytes[index] = (bytes[index] ?? 0) | 62;
  },
  'gives hardly any bytes that are a character': (bytes) => {
    crypto.getRandomValues(bytes);
    for (let index = 21; index < bytes.length; index++) bytes[index] = (bytes[index] ?? 0) | 62;
  },
};

describe('randomText', () => {
  it.each(Object.entries(broken))(
    'throws random_failed, and returns no weak token, for a source that %s',
    async (_, source) => {
      const failure = await failureOf(() => generateToken(format, 'live', source));
      expect(failure).toMatchObject({
        name: 'KeywrightError',
        code: 'random_failed',
        message: expect.stringMatching(/^the random source (threw|returned (a promise|bytes))/),
      });
    },
  );

  it.each(Object.entries(broken))('recovers after a source that %s', async (_, source) => {
    let current = source;
    const draw = randomText((bytes) => current(bytes));
    for (let attempt = 0; attempt < 3; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(await failureOf(() => draw(55))).toMatchObject({ code: 'random_failed' });
    }
    current = good;
    const texts = new Set<string>();
    for (let round = 0; round < 100; round++) texts.add(draw(55));
    // Whatever the broken source still does to the array that it was given comes now.
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (let round = 0; round < 700; round++) texts.add(draw(55));
    expect(texts.size).toBe(800);
    for (const text of texts) expect(text).toMatch(/^[0-9A-Za-z]{55}$/);
  });

  it.each(Object.entries(broken))(
    'notices a source that after a good start %s',
    async (_, source) => {
      let current = good;
      const draw = randomText((bytes) => current(bytes));
      draw(15_000);
      current = source;
      expect(await failureOf(() => draw(2000))).toMatchObject({ code: 'random_failed' });
    },
  );

  /** Good bytes, in which samples of 32 bits are as the pattern says, from the one at `at` on. */
  const patterned = (pattern: string, at: number) =>
    generateToken(format, 'live', (bytes) => {
      const samples = new Uint32Array(crypto.getRandomValues(bytes).buffer);
      samples.set(
        [...pattern].map((letter) => letter.charCodeAt(0) * 0x01010101),
        at,
      );
    });

  // 16 kB are 4,096 samples.
  it.each([0, 1, 2000, 4093])(
    'rejects a source that repeats a sample twice, from byte %i on',
    async (at) => {
      expect(await failureOf(() => patterned('AAA', at))).toMatchObject({ code: 'random_failed' });
      for (const pattern of ['AAB', 'ABB', 'ABA']) {
        expect(parseToken(format, patterned(pattern, at))).toBeDefined();
      }
    },
  );

  it('keeps what the source threw as the cause', async () => {
    const cause = new Error('entropy pool closed');
    const failure = await failureOf(() =>
      generateToken(format, 'live', () => {
        throw cause;
      }),
    );
    expect(failure).toMatchObject({ code: 'random_failed', cause });
  });

  it.each([null, 5, 'text', {}])('rejects %j as a source', async (source) => {
    const failure = await failureOf(() => generateToken(format, 'live', wrong(source)));
    expect(failure).toMatchObject({ name: 'KeywrightError' });
  });
});

describe('systemText', () => {
  it('throws random_failed while the runtime fails, and recovers', async () => {
    const fresh = await import('../../src/token/generate.ts');
    const failing = vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
      throw new Error('EAGAIN');
    });
    for (let attempt = 0; attempt < 2; attempt++) {
      const failure = await failureOf(() => fresh.generateToken(format, 'live'));
      expect(failure).toMatchObject({ code: 'random_failed', cause: { message: 'EAGAIN' } });
    }
    failing.mockRestore();
    expect(parseToken(format, fresh.generateToken(format, 'live'))).toBeDefined();
  });

  it('throws random_failed if the runtime leaves the array unchanged', async () => {
    const fresh = await import('../../src/token/generate.ts');
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => array);
    const failure = await failureOf(() => fresh.generateToken(format, 'live'));
    expect(failure).toMatchObject({ code: 'random_failed' });
  });
});
