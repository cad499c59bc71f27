import { afterEach, describe, expect, it, vi } from 'vitest';
import { atLeast, atMost, exactly, reaches } from './figure.ts';
import { medianOf, rateRatio } from './measure.ts';

describe('medianOf', () => {
  it('is the middle sample, whatever the order', () => {
    expect(medianOf([5, 1, 4, 2, 3])).toEqual({ value: 3, quartiles: [2, 4] });
  });

  it('lies between the two in the middle of an even number', () => {
    expect(medianOf([4, 1, 2, 3])).toEqual({ value: 2.5, quartiles: [1.75, 3.25] });
  });

  it('is the one sample there is', () => {
    expect(medianOf([7])).toEqual({ value: 7, quartiles: [7, 7] });
  });
});

describe('rateRatio', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is the rate of the subject over that of the baseline', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const takes = (ms: number) => () => vi.advanceTimersByTime(ms);
    const sides = { subject: takes(60), baseline: takes(15) };
    const ratio = await rateRatio(sides, { warmUp: 1, pairs: 4 });
    expect(ratio).toEqual({ value: 0.25, quartiles: [0.25, 0.25] });
  });

  it('runs both sides equally often, and lets either go first', async () => {
    const order: string[] = [];
    const sides = { subject: () => order.push('subject'), baseline: () => order.push('baseline') };
    await rateRatio(sides, { warmUp: 1, pairs: 2 });
    const subjectFirst = ['subject', 'baseline'];
    const baselineFirst = ['baseline', 'subject'];
    expect(order).toEqual([...baselineFirst, ...baselineFirst, ...subjectFirst]);
  });
});

describe('a bar', () => {
  it('is reached on its own side of the value, and by the value itself', () => {
    const reached = (bar: typeof atLeast) => [0.9, 1, 1.1].map((value) => reaches(value, bar(1)));
    expect(reached(atLeast)).toEqual([false, true, true]);
    expect(reached(atMost)).toEqual([true, true, false]);
    expect(reached(exactly)).toEqual([false, true, false]);
  });

  it('is not reached by what is no number', () => {
    expect(reaches(Number.NaN, atLeast(1))).toBe(false);
    expect(reaches(Number.NaN, atMost(1))).toBe(false);
  });
});
