import { setImmediate } from 'node:timers/promises';
import type { Measurement } from './figure.ts';

/** A run of as many operations as the other side of the pair does in one. */
export type Batch = () => unknown;

/** The middle of the samples, with the quartiles on either side of it. */
export function medianOf(samples: readonly number[]): Required<Omit<Measurement, 'note'>> {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place % 1);
  };
  return { value: at(0.5), quartiles: [at(0.25), at(0.75)] };
}

/** Milliseconds that a batch takes. */
async function timeOf(batch: Batch): Promise<number> {
  const start = performance.now();
  await batch();
  return performance.now() - start;
}

/**
 * How many times the rate of `baseline` that of `subject` is: the median over pairs of batches.
 *
 * A pair is close together in time, so whatever else the machine does slows both alike; which side
 * goes first alternates. Between pairs the event loop turns, and with it what either side has
 * scheduled.
 */
export async function rateRatio(
  { subject, baseline }: { subject: Batch; baseline: Batch },
  { warmUp, pairs }: { warmUp: number; pairs: number },
): Promise<Measurement> {
  for (let i = 0; i < warmUp; i++) {
    await baseline();
    await subject();
    await setImmediate();
  }
  const ratios: number[] = [];
  for (let i = 0; i < pairs; i++) {
    const first = await timeOf(i % 2 === 0 ? baseline : subject);
    const second = await timeOf(i % 2 === 0 ? subject : baseline);
    ratios.push(i % 2 === 0 ? first / second : second / first);
    await setImmediate();
  }
  return medianOf(ratios);
}
