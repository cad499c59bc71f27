import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { digestToken, generateToken, tokenFormat } from 'keywright';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { portableSha256 as nodeSha256 } from '../../src/digest/node-sha256.ts';
import { portableSha256 } from '../../src/digest/portable-sha256.ts';
import { findNativeSha256, sha256Hex } from '../../src/digest/sha256.ts';
import { anyText } from '../arbitraries.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/**
 * Published digests of messages that are text: the examples of FIPS 180-4, and those of NIST's
 * "Descriptions of SHA-256, SHA-384 and SHA-512" and "SHA-2 Additional", which lie around the
 * lengths at which the padding takes another block.
 */
const texts: [unit: string, times: number, digest: string][] = [
  ['', 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 1, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    1,
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    1,
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
  ['\0', 55, '02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7'],
  ['\0', 56, 'd4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb'],
  ['\0', 57, '65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785'],
  ['\0', 64, 'f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b'],
  ['\0', 1000, '541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53'],
  ['A', 1000, 'c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4'],
  ['U', 1005, 'f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0'],
  ['a', 1_000_000, 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
];

const nativeSha256 = findNativeSha256();
const paths = { digestToken, sha256Hex, portableSha256, nodeSha256, nativeSha256 };

describe.each(Object.entries(paths))('%s', (_, digest) => {
  it.each(texts)('returns the published digest of %j, %i times', (unit, times, expected) => {
    expect(digest?.(unit.repeat(times))).toBe(expected);
  });

  it('digests text as UTF-8', () => {
    expect(digest?.('é€😀')).toBe(bytesToHex(sha256(hexToBytes('c3a9e282acf09f9880'))));
  });
});

describe('the native and the portable SHA-256 by the CAVP', () => {
  const vectors = readFileSync(new URL('./cavp-sha256.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/^- /, ' ').split(' ') as [message: string, digest: string]);

  it('covers vectors of every kind of length', () => {
    expect(vectors).toHaveLength(18);
  });

  // Messages of arbitrary bytes are no text, so no caller of `digestToken` can hash them.
  it.each(vectors)('returns the published digest of %s', (message, expected) => {
    const bytes = hexToBytes(message);
    expect(bytesToHex(sha256(bytes))).toBe(expected);
    expect(hash('sha256', bytes, 'hex')).toBe(expected);
  });
});

describe('the native and the portable SHA-256', () => {
  it('has both implementations on Node', () => {
    expect(nativeSha256).toBeTypeOf('function');
  });

  it('agrees on any text, with lone surrogates too', () => {
    fc.assert(
      fc.property(anyText(200), (text) => {
        expect(nativeSha256?.(text)).toBe(portableSha256(text));
      }),
      { numRuns: 500 },
    );
    for (const text of ['\ud800', '\udc00', 'a\ud83d', '\udc00\ud800']) {
      expect(nativeSha256?.(text)).toBe(portableSha256(text));
    }
  });

  it('agrees on every length around a block', () => {
    for (let length = 0; length <= 200; length++) {
      const text = 'x'.repeat(length);
      expect(nativeSha256?.(text)).toBe(portableSha256(text));
    }
  });
});

describe('sha256Hex without a native SHA-256', () => {
  const without: Record<string, unknown> = {
    'no process': undefined,
    'a process of a browser shim': { env: {} },
    'a process that has no built-in modules': { getBuiltinModule: () => undefined },
    'the Edge runtime of Next.js': {
      getBuiltinModule: () => {
        throw new Error('A Node.js API is used which is not supported in the Edge Runtime.');
      },
    },
    'a crypto module without `hash`': {
      getBuiltinModule: () => ({ createHash: () => expect.unreachable() }),
    },
  };

  it.each(Object.entries(without))('uses the portable one: %s', async (_, process) => {
    vi.resetModules();
    vi.stubGlobal('process', process);
    const text = '\ud800 prn_live_é';
    const portable = await import('../../src/digest/sha256.ts')
      .then((edge) => [edge.findNativeSha256(), edge.digestToken(text)])
      .finally(() => vi.unstubAllGlobals());
    expect(portable).toEqual([undefined, digestToken(text)]);
  });
});

describe('digestToken', () => {
  it('equals what `sha256sum` prints', () => {
    const format = tokenFormat({ brand: 'prn', environments: ['live'] });
    for (const token of [generateToken(format, 'live'), 'prn_live_é😀', '']) {
      const printed = execFileSync('sha256sum', { input: token, encoding: 'utf8' });
      expect(printed).toBe(`${digestToken(token)}  -\n`);
    }
  });

  it('returns 64 characters of lower-case hex', () => {
    for (let round = 0; round < 100; round++) {
      expect(digestToken(`token ${round}`)).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
