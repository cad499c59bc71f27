import type { FigureList } from '../bench/figure.ts';

/** Every file of fault runs, in the order of the report. */
export const figureFiles: FigureList['figureFiles'] = [
  () => import('./kill.ts'),
  () => import('./restart.ts'),
  () => import('./contenders.ts'),
  () => import('./hot-owner.ts'),
  () => import('./migrations.ts'),
  () => import('./full.ts'),
  () => import('./flood.ts'),
  () => import('./import.ts'),
];
