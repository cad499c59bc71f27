import { describe, expect, it } from 'vitest';
import { whenKnown } from '../src/when-known.ts';

describe('what comes after a result', () => {
  it('comes in the same turn where the result is known', () => {
    expect(whenKnown({ ok: true }, ({ ok }) => !ok)).toBe(false);
  });

  it('waits where it is not', async () => {
    await expect(whenKnown(Promise.resolve({ ok: true }), ({ ok }) => !ok)).resolves.toBe(false);
  });
});
