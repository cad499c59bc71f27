import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withDeadline } from '../src/deadline.ts';

const unhandled = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  process.on('unhandledRejection', unhandled);
});

afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
  vi.useRealTimers();
});

describe('withDeadline', () => {
  it('resolves with an answer in time, and leaves no timer', async () => {
    await expect(withDeadline(Promise.resolve('answer'), 1000)).resolves.toBe('answer');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with a failure in time, and leaves no timer', async () => {
    const failure = new Error('connection reset');
    await expect(withDeadline(Promise.reject(failure), 1000)).rejects.toBe(failure);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with store_unavailable at the deadline, not before', async () => {
    const settled = vi.fn();
    const work = withDeadline(new Promise(() => {}), 250);
    work.catch(settled);
    await vi.advanceTimersByTimeAsync(249);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'store_unavailable',
        message: 'the store did not answer within 250 ms',
      }),
    );
  });

  it('drops answers and rejections after the deadline', async () => {
    for (const late of ['resolve', 'reject'] as const) {
      const slow = Promise.withResolvers<string>();
      const failed = expect(withDeadline(slow.promise, 10)).rejects.toMatchObject({
        code: 'store_unavailable',
      });
      await vi.advanceTimersByTimeAsync(10);
      await failed;
      slow[late]('late');
      await vi.advanceTimersByTimeAsync(10);
    }
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('accepts any thenable', async () => {
    const thenable: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
      then: (onfulfilled) => Promise.resolve('answer').then(onfulfilled),
    };
    await expect(withDeadline(thenable, 1000)).resolves.toBe('answer');
  });
});
