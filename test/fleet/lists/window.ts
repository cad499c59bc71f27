import type { FigureList } from '../../bench/figure.ts';

/** The figures of `npm run test:window`. */
export const figureFiles: FigureList['figureFiles'] = [() => import('../window.ts')];
