import type { BenchmarkList } from './figure.ts';

/** Every file of benchmarks, in the order of the report. */
export const benchmarks: BenchmarkList['benchmarks'] = [
  () => import('./verify.ts'),
  () => import('./generate-token.ts'),
  () => import('./memory.ts'),
  () => import('./import-time.ts'),
  () => import('./work.ts'),
  () => import('./size.ts'),
  () => import('./management.ts'),
];
