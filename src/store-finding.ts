/** The code of a finding, which never changes between versions. */
export type StoreFindingCode =
  | 'not_inspected'
  | 'standby'
  | 'reads_elsewhere'
  | 'synchronous_commit'
  | 'asynchronous_replicas'
  | 'crash_loses_changes'
  | 'galera_stale_reads'
  | 'several_primaries'
  | 'statement_binlog'
  | 'untested_engine';

/** A setting of a store's database that breaks, or may break, a promise of Keywright. */
export interface StoreFinding {
  readonly code: StoreFindingCode | (string & {});
  /** `refuse`: the set-up is known to break a promise. `warn`: it may break one, or is untested. */
  readonly severity: 'refuse' | 'warn';
  /** What was found, and what can go wrong. */
  readonly message: string;
  /** What to change. */
  readonly remedy: string;
}
