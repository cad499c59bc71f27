import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TickWheel } from '../src/tick-wheel.ts';

/** Values in the order in which they were released, with the moment. */
let released: { value: string; at: number }[];

function hold(wheel: TickWheel, value: string, arrivedAt = performance.now()): void {
  void Promise.resolve(wheel.hold({ value }, arrivedAt)).then(() => {
    released.push({ value, at: performance.now() });
  });
}

beforeEach(() => {
  released = [];
  vi.useFakeTimers();
  // A tick of every period used here, so that a test knows how far the next one is.
  vi.advanceTimersByTime(100 - (performance.now() % 100));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a tick wheel', () => {
  it('releases a value at the first tick that is a period or more after its arrival', async () => {
    const wheel = new TickWheel(5);
    const start = performance.now();
    await vi.advanceTimersByTimeAsync(3);
    hold(wheel, 'a');
    await vi.advanceTimersByTimeAsync(6);
    expect(released).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(released).toEqual([{ value: 'a', at: start + 10 }]);
  });

  it('releases two arrivals at the same moment whichever was held first, in order of arrival', async () => {
    const wheel = new TickWheel(5);
    const start = performance.now();
    const [first, second] = [start + 1, start + 2];
    await vi.advanceTimersByTimeAsync(3);
    hold(wheel, 'second', second);
    await vi.advanceTimersByTimeAsync(1);
    hold(wheel, 'first', first);
    await vi.advanceTimersByTimeAsync(6);
    expect(released).toEqual([
      { value: 'first', at: start + 10 },
      { value: 'second', at: start + 10 },
    ]);
  });

  it('releases a value at the next tick where its own has passed', async () => {
    const wheel = new TickWheel(5);
    const start = performance.now();
    await vi.advanceTimersByTimeAsync(21);
    hold(wheel, 'late', start);
    await vi.advanceTimersByTimeAsync(3);
    expect(released).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(released).toEqual([{ value: 'late', at: start + 25 }]);
  });

  it('sets one timer for all values, and none once they are released', async () => {
    const wheel = new TickWheel(5);
    for (let i = 0; i < 1000; i++) hold(wheel, `${i}`);
    await vi.advanceTimersByTimeAsync(4);
    hold(wheel, 'of a later tick', performance.now() + 5);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(released).toHaveLength(1001);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('releases a value of an earlier tick before one that was held for a later tick', async () => {
    const wheel = new TickWheel(5);
    const start = performance.now();
    hold(wheel, 'later', start + 20);
    hold(wheel, 'sooner', start);
    await vi.advanceTimersByTimeAsync(30);
    expect(released).toEqual([
      { value: 'sooner', at: start + 10 },
      { value: 'later', at: start + 30 },
    ]);
  });

  it('holds 10,000 values at most', async () => {
    const wheel = new TickWheel(5);
    for (let i = 0; i < 10_000; i++) hold(wheel, `${i}`);
    expect(wheel.hold('one too many', performance.now())).toBe('one too many');
    await vi.advanceTimersByTimeAsync(10);
    expect(wheel.hold('again', performance.now())).toBeInstanceOf(Promise);
    await vi.advanceTimersByTimeAsync(10);
  });

  it('holds nothing with a period of 0', () => {
    expect(new TickWheel(0).hold('value', performance.now())).toBe('value');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('recovers from a timer that never fired, such as a fake one of a test', async () => {
    const wheel = new TickWheel(5);
    hold(wheel, 'before');
    vi.clearAllTimers();
    vi.setSystemTime(Date.now() + 1000);
    await vi.advanceTimersByTimeAsync(1000);
    hold(wheel, 'after');
    await vi.advanceTimersByTimeAsync(10);
    expect(released.map(({ value }) => value)).toEqual(['before', 'after']);
  });

  it('sets a timer for each value where timers end with their request, as on workerd', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' });
    const wheel = new TickWheel(5);
    hold(wheel, 'a');
    hold(wheel, 'b');
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(10);
    expect(released.map(({ value }) => value)).toEqual(['a', 'b']);
  });
});

describe('a tick wheel on the real clock', () => {
  it('never releases before the tick', async () => {
    vi.useRealTimers();
    const wheel = new TickWheel(5);
    for (let i = 0; i < 20; i++) {
      const arrivedAt = performance.now();
      await wheel.hold('value', arrivedAt);
      const tick = Math.floor(arrivedAt / 5) * 5 + 10;
      expect(performance.now()).toBeGreaterThanOrEqual(tick);
    }
  });
});
