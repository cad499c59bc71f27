import { createHash } from 'node:crypto';
import { createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { seededRandom } from 'keywright/testing';
import { describe, expect, it } from 'vitest';

/** Bytes of a source, drawn in parts of these sizes. */
function draw(seed: string, ...sizes: number[]): Buffer {
  const random = seededRandom(seed);
  const parts = sizes.map((size) => {
    const bytes = new Uint8Array(size);
    random(bytes);
    return bytes;
  });
  return Buffer.concat(parts);
}

describe('seededRandom', () => {
  it('is SHA-256 of the seed and a counter, block after block', () => {
    const block = (text: string) => createHash('sha256').update(text).digest();
    const expected = [block('seed.0'), block('seed.1'), block('seed.2')];
    expect(draw('seed', 96)).toEqual(Buffer.concat(expected));
  });

  it('gives these bytes on every runtime', () => {
    expect(draw('keywright', 8).toString('hex')).toBe('ed209affd7f57fc4');
  });

  it('gives the same bytes in whatever sizes they are drawn', () => {
    const all = draw('seed', 200);
    expect(draw('seed', 1, 31, 1, 0, 64, 3, 100)).toEqual(all);
    expect(draw('seed', 33, 167)).toEqual(all);
  });

  it('gives other bytes for another seed', () => {
    expect(draw('a', 32)).not.toEqual(draw('b', 32));
    expect(draw('', 32)).not.toEqual(draw('0', 32));
  });

  it('gives a service the same tokens each time', async () => {
    const format = tokenFormat({ brand: 'prn', environments: ['live'] });
    const tokens = async (seed: string) => {
      const keys = createApiKeys({ format, store: memoryStore(), random: seededRandom(seed) });
      const key = {
        name: 'n',
        owner: 'org_1',
        environment: 'live',
        actor: { id: 'user_1' },
      } as const;
      const created = [await keys.create(key), await keys.create(key)];
      return created.map(({ secret }) => secret.reveal());
    };
    const first = await tokens('seed');
    expect(await tokens('seed')).toEqual(first);
    expect(await tokens('other')).not.toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  it('refuses a seed that is no text', () => {
    for (const seed of [undefined, 1, null, {}]) {
      expect(() => seededRandom(seed as never)).toThrow(
        expect.objectContaining({ code: 'invalid_argument', argument: 'seed' }),
      );
    }
  });
});
