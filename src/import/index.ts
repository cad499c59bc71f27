export { type ImportOptions, importKeys } from './import-keys.ts';
export type { ImportCounts, ImportProblem, ImportReport } from './report.ts';
export type { ImportRow, ImportRowFields } from './row.ts';
