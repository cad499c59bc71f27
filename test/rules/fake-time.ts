import { vi } from 'vitest';

/** How long something took on the fake clock, once it is over. */
export async function durationOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  let end: number | undefined;
  const settled = work.then(
    () => (end = performance.now()),
    () => (end = performance.now()),
  );
  for (let ms = 0; end === undefined && ms < 10_000; ms += 5) await vi.advanceTimersByTimeAsync(5);
  await settled;
  return (end ?? Number.NaN) - start;
}
