import type { FigureList } from '../../bench/figure.ts';

/** The figures of `npm run test:simulation`. */
export const figureFiles: FigureList['figureFiles'] = [() => import('./figures.ts')];
