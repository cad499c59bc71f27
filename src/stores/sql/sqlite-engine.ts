import { hasCode, invalid, KeywrightError } from '../../errors.ts';
import { retrying } from '../../retry.ts';
import type { CommitResult } from '../../store.ts';
import type { Bytes } from './codec.ts';
import { dialectOf } from './dialect.ts';
import type { Engine, Result, Statement, Step } from './engine.ts';
import { isBusy, judged } from './failures.ts';
import { schemaFor } from './schema.ts';
import { inTurn, SAVEPOINT } from './session.ts';
import {
  expectDatabase,
  inTransaction,
  prepareOn,
  type SqliteDatabase,
  type SqliteStatement,
  type SqliteValue,
} from './sqlite-database.ts';
import { sqlitePush } from './sqlite-push.ts';

/** Statements kept prepared: all of the store's, except the many shapes of a filtered list. */
const KEPT_STATEMENTS = 100;

const GENERATION = 'select generation from main.keywright_generation';

/**
 * SQLite over the connection that the application uses too. A commit runs from BEGIN to COMMIT without a
 * pause, so no statement of the application becomes part of it. While the application has a transaction
 * open, the store begins none: a rollback by the application would undo its changes.
 */
export function sqliteEngine(database: SqliteDatabase): Engine {
  expectDatabase(database);
  const prepared = new Map<string, { statement: SqliteStatement; givesRows: boolean }>();

  function prepare(sql: string) {
    let known = prepared.get(sql);
    if (known === undefined) {
      const statement = prepareOn(database, sql);
      const givesRows = statement.reader ?? statement.columns().length > 0;
      known = { statement, givesRows };
      if (prepared.size < KEPT_STATEMENTS) prepared.set(sql, known);
    }
    return known;
  }

  function execute({ sql, parameters }: Statement): Result {
    const { statement, givesRows } = prepare(sql);
    const values = parameters as SqliteValue[];
    if (givesRows) return { rows: statement.all(...values), changes: 0 };
    return { rows: [], changes: Number(statement.run(...values).changes) };
  }

  /** Runs all steps without a pause. `undo` is the SQL that reverts all of them. */
  function takeAtOnce(
    steps: readonly Step[],
    [begin, end, undo]: readonly [string, string, string],
  ): CommitResult {
    database.exec(begin);
    try {
      let whole: CommitResult = { status: 'committed', watchedMs: 0 };
      for (const { statement, judge } of steps) whole = judged(execute(statement), judge) ?? whole;
      database.exec(end);
      return whole;
    } catch (error) {
      // Some failures, such as a full disk, have already ended the transaction.
      if (inTransaction(database)) database.exec(undo);
      throw error;
    }
  }

  function refuseOpenTransaction(): void {
    if (inTransaction(database)) {
      throw invalid(
        'transaction',
        'is open on this connection: pass it, or finish it before keys are read or changed',
      );
    }
  }

  return {
    dialect: dialectOf('sqlite', schemaFor('sqlite', undefined)),

    // In a transaction of the application, a read could be stale, or see changes that are then undone.
    run: (statement) =>
      retrying(async () => {
        refuseOpenTransaction();
        return execute(statement);
      }, isBusy),

    commit: (steps) =>
      retrying(async () => {
        refuseOpenTransaction();
        return takeAtOnce(steps, ['begin immediate', 'commit', 'rollback']);
      }, isBusy),

    async join(transaction, work) {
      if (transaction !== database || !inTransaction(database)) {
        throw invalid('transaction', 'must be the database of the store, with a transaction open');
      }
      return inTurn(database, () =>
        work({
          run: async (statement) => execute(statement),
          commit: async (steps) =>
            takeAtOnce(steps, [
              SAVEPOINT,
              'release keywright',
              'rollback to keywright; release keywright',
            ]),
        }),
      );
    },

    lookup(sql) {
      let found: SqliteStatement | undefined;
      const get = (digest: Bytes): unknown => {
        if (inTransaction(database)) throw heldByApplication();
        // Prepared at the first call, because the table may be created after the store.
        found ??= prepareOn(database, sql);
        return found.get(digest) ?? undefined;
      };
      return (digest) => {
        try {
          return get(digest);
        } catch (error) {
          if (isTemporary(error)) return retrying(async () => get(digest), isTemporary);
          throw error;
        }
      };
    },

    feed: sqlitePush(() => {
      const { rows } = execute({ sql: GENERATION, parameters: [] });
      return Number((rows[0] as { readonly generation: unknown }).generation);
    }),
  };
}

/** Without a write-ahead log, a commit of another process locks readers out for a moment. */
function isTemporary(error: unknown): boolean {
  return hasCode(error, 'store_unavailable') || isBusy(error);
}

function heldByApplication(): KeywrightError {
  return new KeywrightError('store_unavailable', 'the application has a transaction open');
}
