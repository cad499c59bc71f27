import type { FigureList } from './figure.ts';

/** Every file of benchmarks, in the order of the report. */
export const figureFiles: FigureList['figureFiles'] = [
  () => import('./verify.ts'),
  () => import('./generate-token.ts'),
  () => import('./memory.ts'),
  () => import('./import-time.ts'),
  () => import('./work.ts'),
  () => import('./size.ts'),
  () => import('./management.ts'),
  () => import('./postgres.ts'),
  () => import('./postgres-changes.ts'),
  () => import('./postgres-million.ts'),
  () => import('./all-keys-million.ts'),
  () => import('./mariadb.ts'),
  () => import('./sqlite.ts'),
  () => import('./redis.ts'),
  () => import('./cache.ts'),
  () => import('./cache-hits.ts'),
  () => import('./cache-quiet.ts'),
  () => import('./statements.ts'),
  () => import('./timing.ts'),
  () => import('./guards.ts'),
  () => import('./guards-peers.ts'),
  () => import('./guards-size.ts'),
];
