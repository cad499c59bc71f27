import { memoryStore } from 'keywright';
import type { VerifiableKey } from 'keywright/store-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeKey, setUp } from './support.ts';

const unhandled = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  process.on('unhandledRejection', unhandled);
});

afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
  vi.useRealTimers();
});

type LookUp = VerifiableKey | undefined;

/** A key, and a service whose store holds each look-up until `release` is called. */
async function withHeldLookUp(
  storeTimeoutMs: number,
  answer: (key: LookUp) => LookUp | Promise<LookUp> = (key) => key,
) {
  const store = memoryStore();
  const { token } = await makeKey(setUp({ store }).keys);
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const findByDigest = async (digest: string) => {
    await promise;
    return answer(await store.findByDigest(digest));
  };
  const { keys, events } = setUp({ store: { ...store, findByDigest }, storeTimeoutMs });
  const settled = vi.fn();
  const result = Promise.resolve(keys.verify(token)).finally(settled);
  return { result, settled, release, events };
}

describe('verify with a slow store', () => {
  it('fails as unavailable after `storeTimeoutMs`, not before', async () => {
    const { result, settled, events } = await withHeldLookUp(30);
    await vi.advanceTimersByTimeAsync(29);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await result).toEqual({ ok: false, reason: 'unavailable' });
    expect(events).toMatchObject([{ error: { code: 'store_unavailable' } }]);
  });

  it.each<[string, (key: LookUp) => LookUp | Promise<LookUp>]>([
    ['an answer', (key) => key],
    ['a rejection', () => Promise.reject(new Error('connection reset'))],
  ])('has its late answer dropped: %s', async (_, late) => {
    const { result, release } = await withHeldLookUp(10, late);
    await vi.advanceTimersByTimeAsync(10);
    expect(await result).toEqual({ ok: false, reason: 'unavailable' });
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('accepts an answer just before `storeTimeoutMs`', async () => {
    const { result, release } = await withHeldLookUp(5000);
    await vi.advanceTimersByTimeAsync(4999);
    release();
    expect((await result).ok).toBe(true);
  });
});
