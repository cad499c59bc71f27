import { afterEach, describe, expect, it, vi } from 'vitest';
import { monotonicMs, systemClock } from '../src/clock.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('systemClock', () => {
  it('returns whole epoch milliseconds', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(Number.isInteger(now)).toBe(true);
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('follows the wall clock, backwards too', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 2_000_000_000_000 });
    expect(systemClock.now()).toBe(2_000_000_000_000);
    vi.setSystemTime(1_000_000_000_000);
    expect(systemClock.now()).toBe(1_000_000_000_000);
  });
});

describe('monotonicMs', () => {
  it('never goes back, even if the wall clock does', () => {
    const before = monotonicMs();
    const wall = Date.now();
    for (const now of [0, 2 * wall]) {
      vi.useFakeTimers({ toFake: ['Date'], now });
      const after = monotonicMs();
      expect(after).toBeGreaterThanOrEqual(before);
      expect(after - before).toBeLessThan(wall);
    }
  });

  it('advances with the time', async () => {
    const before = monotonicMs();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(monotonicMs() - before).toBeGreaterThanOrEqual(15);
  });
});
