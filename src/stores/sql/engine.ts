import type { CommitResult } from '../../store.ts';
import type { Bytes } from './codec.ts';
import type { Dialect } from './dialect.ts';

/** A statement with its parameters in the order of the placeholders. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Whether it is repeated with the same text, so that it is worth preparing by name. */
  readonly isPrepared?: boolean;
  /** For a select of at most one row: a column of it that is never null. */
  readonly atMostOne?: string;
}

/** The result of a statement. */
export interface Result {
  readonly rows: readonly unknown[];
  /** Rows that were inserted, deleted, or found by an update. */
  readonly changes: number;
  /** MySQL's `last_insert_id` after the statement. */
  readonly insertId?: number;
}

/** Where statements run: within one transaction, or each on its own. */
export interface Session {
  /** Runs one statement, regardless of the state in which the connection was left. */
  run(statement: Statement): Promise<Result>;

  /** Runs all of the steps or none, as one transaction or a part of one. */
  commit(steps: readonly Step[]): Promise<CommitResult>;
}

/** A statement of a commit. */
export interface Step {
  readonly statement: Statement;
  /** Derives the result of the whole commit, if it can. Any result but `committed` undoes the commit. */
  judge?(result: Result): CommitResult | undefined;
}

/** A database that runs statements. It covers all that differs between the clients of one family. */
export interface Engine extends Session {
  readonly dialect: Dialect;

  /**
   * Returns the look-up of verifications: the row that the statement finds for a digest, its only parameter.
   * Returns no promise if the driver is synchronous.
   */
  lookup(sql: string): Lookup;

  /** Runs `work` in its own transaction, which waits for locks for a few seconds at most. */
  transact?<Outcome>(work: (session: Session) => Promise<Outcome>): Promise<Outcome>;

  /**
   * Runs `work` within a transaction of the application.
   *
   * Rejects with `invalid_argument` if the argument is not an open transaction of this database.
   */
  join?<Outcome>(
    transaction: unknown,
    work: (session: Session) => Promise<Outcome>,
  ): Promise<Outcome>;

  /** Absent if the store cannot be cached. */
  readonly feed?: {
    /** Calls `listener` after changes of any process; absent if the engine has no push. */
    subscribe?(listener: () => void): Promise<() => Promise<void>>;
    /** Notifies the listeners of this process, for engines that have no statement for it. */
    tell?(): void;
  };
}

/** Returns a row, or a native `Promise` of one. */
type Lookup = (digest: Bytes) => Promise<unknown> | unknown;
