import { invalid } from '../errors.ts';
import { checkFields } from '../fields.ts';
import type { Actor } from '../record.ts';
import type { ApiKeys } from '../service/contract.ts';
import { serviceOf } from '../service/handle.ts';
import { ImportRun } from './import-run.ts';
import type { ImportCounts, ImportProblem, ImportReport } from './report.ts';
import type { ImportRow } from './row.ts';

/** Options of {@link importKeys}. */
export interface ImportOptions {
  /** Who imports: the creator of the keys, and the actor of their events. */
  readonly actor: Actor;
  /** Why, for the activity log: at most 500 characters. */
  readonly reason?: string;
  /** Called after each commit, and once at the end. */
  readonly onProgress?: (counts: ImportCounts) => void;
  /** Called for every row that was not imported, unless the key exists and matches the row. */
  readonly onProblem?: (problem: ImportProblem) => void;
}

/**
 * Imports keys that another system issued, by their digests. Their tokens keep working if the `legacy`
 * option of `createApiKeys` contains their `legacyFormat`.
 *
 * Each key gets one `key.imported` event, in the same commit. An existing key is never changed, and a
 * digest never moves to another owner. Such rows are reported, like invalid rows, and the import goes on.
 * After a failure, run it again: keys that were imported then count as present.
 *
 * Up to 500 rows of one owner are committed together. At most 50,000 rows are held in memory.
 *
 * @example
 * ```ts
 * const report = await importKeys(
 *   keys,
 *   [{ digest: digestToken('old_4f8a…'), name: 'Zapier', owner: 'org_1', environment: 'live' }],
 *   { actor: { id: 'user_1' } },
 * );
 * console.log(report.imported); // 1
 * ```
 * Rejects with `invalid_argument` for wrong options, and with the error of the store or of `rows` if one
 * fails. Rows that were already committed stay.
 */
export async function importKeys<
  Environment extends string,
  Scope extends string,
  Metadata extends object,
  MetadataInput extends object,
>(
  keys: ApiKeys<Environment, Scope, Metadata, MetadataInput>,
  rows:
    | Iterable<ImportRow<NoInfer<Environment>, NoInfer<Scope>, NoInfer<MetadataInput>>>
    | AsyncIterable<ImportRow<NoInfer<Environment>, NoInfer<Scope>, NoInfer<MetadataInput>>>,
  options: ImportOptions,
): Promise<ImportReport> {
  const service = serviceOf(keys);
  checkFields(options, 'options', ['actor', 'reason', 'onProgress', 'onProblem']);
  const { onProgress = () => {}, onProblem = () => {}, ...attribution } = options;
  const by = service.read(attribution, 'options', ['actor'], ['reason']);
  if (typeof onProgress !== 'function') throw invalid('onProgress', 'must be a function');
  if (typeof onProblem !== 'function') throw invalid('onProblem', 'must be a function');
  const run = new ImportRun(service, by, { onProgress, onProblem });
  try {
    for await (const row of rows) await run.add(row);
    await run.flush();
  } finally {
    await run.settle();
  }
  return run.end();
}
