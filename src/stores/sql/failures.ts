import { isKeywrightError, KeywrightError } from '../../errors.ts';
import type { CommitResult } from '../../store.ts';
import type { Family } from './dialect.ts';
import type { Result, Session, Step } from './engine.ts';

/** The details of an error. Each driver uses its own names for them. */
interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly errcode?: unknown;
  readonly message?: unknown;
}

const STALE: CommitResult = { status: 'stale' };
const TAKEN: CommitResult = { status: 'digest_taken' };

/** Thrown to undo the earlier steps of a commit. */
class Refusal extends Error {
  readonly result: CommitResult;

  constructor(result: CommitResult) {
    super(result.status);
    this.result = result;
  }
}

/** The connection broke during a commit, which may have been made. */
export class BrokenCommit extends Error {}

/** Runs the steps of a commit in a transaction. The caller must undo the transaction if this throws. */
export async function takeSteps(
  run: Session['run'],
  steps: readonly Step[],
): Promise<CommitResult> {
  let whole: CommitResult = { status: 'committed', watchedMs: 0 };
  for (const { statement, judge } of steps) {
    whole = judged(await run(statement), judge) ?? whole;
  }
  return whole;
}

/** Returns the result of the whole commit, if the step has one. Throws any result but `committed`. */
export function judged(result: Result, judge: Step['judge']): CommitResult | undefined {
  const whole = judge?.(result);
  if (whole !== undefined && whole.status !== 'committed') throw new Refusal(whole);
  return whole;
}

/**
 * Runs a commit, and converts errors that mean a lost race or a taken digest into its result.
 *
 * @throws KeywrightError `change_contended`, `store_not_migrated`; `store_unavailable` for other errors
 */
export async function resultOf(
  family: Family,
  commit: () => Promise<CommitResult>,
): Promise<CommitResult> {
  try {
    return await commit();
  } catch (error) {
    if (error instanceof Refusal) return error.result;
    if (isLostRace(family, error)) return STALE;
    const violated = violatedIndex(family, error);
    if (violated !== undefined) return violated === 'keys' ? TAKEN : STALE;
    throw failureOf(family, error);
  }
}

/** Converts the error of a statement into the one for callers. */
export function failureOf(family: Family, error: unknown): unknown {
  if (isKeywrightError(error)) return error;
  const { code, errno, message } = detailsOf(error);
  if (isLockTimeout(family, error)) {
    return new KeywrightError(
      'change_contended',
      'another transaction holds the rows of this owner: it stayed open for too long',
      { cause: error },
    );
  }
  const lacksTables =
    code === '42P01' || // undefined_table
    code === '3F000' || // invalid_schema_name
    code === '42703' || // undefined_column
    errno === 1146 || // ER_NO_SUCH_TABLE
    errno === 1054 || // ER_BAD_FIELD_ERROR
    (typeof message === 'string' && /no such (table|column):/.test(message));
  if (lacksTables) {
    return new KeywrightError(
      'store_not_migrated',
      'the tables are missing or of another version: call await store.migrate()',
      { cause: error },
    );
  }
  return unavailable(error, error instanceof BrokenCommit);
}

function unavailable(error: unknown, indeterminate: boolean): KeywrightError {
  const cause = error instanceof BrokenCommit ? (error.cause ?? error) : error;
  const { message } = detailsOf(cause);
  const why = typeof message === 'string' ? `: ${message}` : '';
  return new KeywrightError('store_unavailable', `the database failed${why}`, {
    cause,
    ...(indeterminate ? { indeterminate } : {}),
  });
}

/** Whether a statement failed because of concurrent ones, so that it can be retried. */
export function isLostRace(family: Family, error: unknown): boolean {
  const { code, errno, message } = detailsOf(error);
  switch (family) {
    case 'postgres':
      // serialization_failure, deadlock_detected, and the division of `commit-postgres.ts`
      return code === '40001' || code === '40P01' || code === '22012';
    case 'mysql':
      // ER_LOCK_DEADLOCK, MariaDB's ER_CHECKREAD
      return errno === 1213 || errno === 1020;
    case 'sqlite':
      // The guards of `commit-sqlite.ts`.
      return (
        typeof message === 'string' &&
        message.includes('NOT NULL constraint failed: keywright_heads.')
      );
  }
}

/** Whether a statement timed out while it waited for a lock. */
function isLockTimeout(family: Family, error: unknown): boolean {
  const { code, errno } = detailsOf(error);
  if (family === 'postgres') return code === '55P03'; // lock_not_available
  if (family === 'mysql') return errno === 1205; // ER_LOCK_WAIT_TIMEOUT
  return isBusy(error);
}

/** Whether another connection has locked the SQLite file. */
export function isBusy(error: unknown): boolean {
  const { code, errcode } = detailsOf(error);
  // The low byte of the extended code in `node:sqlite`: SQLITE_BUSY or SQLITE_LOCKED.
  const primary = typeof errcode === 'number' ? errcode & 0xff : undefined;
  const name = typeof code === 'string' ? code : '';
  return primary === 5 || primary === 6 || /^SQLITE_(BUSY|LOCKED)/.test(name);
}

/** Which unique index a statement violated: one of the keys table, or another of the store. */
function violatedIndex(family: Family, error: unknown): 'keys' | 'other' | undefined {
  const { code, errno, message } = detailsOf(error);
  const text = typeof message === 'string' ? message : '';
  const isOne =
    family === 'postgres'
      ? code === '23505' // unique_violation
      : family === 'mysql'
        ? errno === 1062 || code === 'ER_DUP_ENTRY'
        : text.includes('UNIQUE constraint failed');
  if (!isOne) return undefined;
  // MariaDB names every primary key `PRIMARY`. mysql2 adds the statement, which names the table.
  const { constraint, sql } = error as { readonly constraint?: unknown; readonly sql?: unknown };
  const where = [constraint, sql, text].find((clue) => typeof clue === 'string') as string;
  return /keywright_keys[._`]/.test(where) ? 'keys' : 'other';
}

function detailsOf(error: unknown): DriverError {
  return typeof error === 'object' && error !== null ? error : {};
}
