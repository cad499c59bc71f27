import type { FigureList } from '../bench/figure.ts';

/** Every file of set-ups, in the order of the report. */
export const figureFiles: FigureList['figureFiles'] = [
  () => import('./single.ts'),
  () => import('./postgres-standby.ts'),
  () => import('./postgres-proxies.ts'),
  () => import('./patroni.ts'),
  () => import('./redis-sentinel.ts'),
  () => import('./redis-cluster.ts'),
  () => import('./refusals.ts'),
];
