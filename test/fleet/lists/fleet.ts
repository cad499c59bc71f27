import type { FigureList } from '../../bench/figure.ts';

/** The figures of `npm run test:fleet`, in the order of the report. */
export const figureFiles: FigureList['figureFiles'] = [
  () => import('../figures.ts'),
  () => import('../revoke.ts'),
];
