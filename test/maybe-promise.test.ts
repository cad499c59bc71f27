import { describe, expect, it } from 'vitest';
import { andThen } from '../src/maybe-promise.ts';

describe('andThen', () => {
  it('calls the next function in the same turn if the result is at hand', () => {
    expect(andThen({ ok: true }, ({ ok }) => !ok)).toBe(false);
  });

  it('waits for a promised result', async () => {
    await expect(andThen(Promise.resolve({ ok: true }), ({ ok }) => !ok)).resolves.toBe(false);
  });

  it("returns a native promise for another library's promise", async () => {
    const foreign: PromiseLike<number> = {
      // biome-ignore lint/suspicious/noThenProperty: a promise of another library
      then: (resolve) => Promise.resolve(2).then(resolve),
    };
    const outcome = andThen(foreign, (value) => value + 1);
    expect(outcome).toBeInstanceOf(Promise);
    await expect(outcome).resolves.toBe(3);
  });
});
