import { oncePer } from '../../once-per.ts';
import type { Dialect } from './dialect.ts';
import { keys } from './tables.ts';

/**
 * Selects keys with their last use: the start of each statement. Built once per dialect, because building
 * it takes half as long as the rest of a page.
 */
export const selectKeys = oncePer(({ build }: Dialect) =>
  build
    .selectFrom('keywright_keys as k')
    .leftJoin('keywright_usage as u', 'u.id', 'k.id')
    .select(keys.columns.map((column) => `k.${column}` as const))
    .select('u.at as last_used_at'),
);
