import type { CompiledQuery } from 'kysely';
import { hasCode, invalid, KeywrightError } from '../../errors.ts';
import { retrying } from '../retry.ts';
import type { Bytes } from './codec.ts';
import { dialectOf } from './dialect.ts';
import type { Engine } from './engine.ts';
import { isTransient } from './failures.ts';
import { generationOf } from './leases.ts';
import { runMigrations } from './migrate.ts';
import { driveAtOnce, isRead, type Result, type Script } from './script.ts';
import {
  inTransaction,
  kyselyOver,
  type SqliteDatabase,
  type SqliteStatement,
  type SqliteValue,
} from './sqlite-database.ts';
import { sqlitePush } from './sqlite-push.ts';

/** Statements kept prepared: all that the store has, but for the many shapes of a filtered list. */
const KEPT_STATEMENTS = 100;

/**
 * SQLite over the one connection that the host uses too. A transaction runs from BEGIN to COMMIT
 * without a pause, so no statement of the host gets into it; and where the host has one open, the
 * store starts none, as its changes would be undone with the host's.
 */
export function sqliteEngine(database: SqliteDatabase): Engine {
  if (!('inTransaction' in database || 'isTransaction' in database)) {
    throw invalid('database', 'must tell whether a transaction is open, as `inTransaction`');
  }
  const dialect = dialectOf('sqlite');
  const prepared = new Map<string, SqliteStatement>();

  function prepare(sql: string): SqliteStatement {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      if (prepared.size < KEPT_STATEMENTS) prepared.set(sql, statement);
    }
    return statement;
  }

  function execute(statement: CompiledQuery): Result {
    const parameters = statement.parameters as SqliteValue[];
    if (isRead(statement)) return { rows: prepare(statement.sql).all(...parameters), changes: 0 };
    const { changes } = prepare(statement.sql).run(...parameters);
    return { rows: [], changes: Number(changes) };
  }

  /** @param undo what takes back all of it */
  function all<Outcome>(
    script: Script<Outcome>,
    begin: string,
    end: string,
    undo: string,
  ): Outcome {
    database.exec(begin);
    try {
      const outcome = driveAtOnce(script, execute);
      database.exec(end);
      return outcome;
    } catch (error) {
      // Some failures, as of a full disk, have ended the transaction already.
      if (inTransaction(database)) database.exec(undo);
      throw error;
    }
  }

  function refuseOpenTransaction(): void {
    if (inTransaction(database)) {
      throw invalid(
        'transaction',
        'is open on this connection: hand it over, or finish it before keys are changed',
      );
    }
  }

  const engine: Engine = {
    dialect,

    async run(statement) {
      if (!isRead(statement)) refuseOpenTransaction();
      return execute(statement);
    },

    async transact(script) {
      refuseOpenTransaction();
      return all(script(), 'begin immediate', 'commit', 'rollback');
    },

    async join(transaction, script) {
      if (transaction !== database || !inTransaction(database)) {
        throw invalid('transaction', 'must be the database of the store, with a transaction open');
      }
      return all(
        script(),
        'savepoint keywright',
        'release keywright',
        'rollback to keywright; release keywright',
      );
    },

    lookup(statement) {
      let found: SqliteStatement | undefined;
      const get = (digest: Bytes): unknown => {
        // In it, a key that another process has revoked is still good, and so is one that the host
        // enables and may yet take back.
        if (inTransaction(database)) throw heldByHost();
        // Prepared at the first call, as the table may be made after the store.
        found ??= database.prepare(statement.sql);
        return found.get(digest);
      };
      // Without a write-ahead log, a commit of another process keeps readers out for a moment.
      const passes = (error: unknown) =>
        hasCode(error, 'store_unavailable') || isTransient('sqlite', error);
      return (digest) => {
        try {
          return get(digest);
        } catch (error) {
          if (passes(error)) return retrying(async () => get(digest), passes);
          throw error;
        }
      };
    },

    async migrate(steps) {
      refuseOpenTransaction();
      await runMigrations(kyselyOver(database), dialect, steps, ({ statements }) =>
        engine.transact(function* () {
          for (const statement of statements) yield statement;
        }),
      );
    },

    push: sqlitePush(() => driveAtOnce(generationOf(dialect), execute)),
  };
  return engine;
}

function heldByHost(): KeywrightError {
  return new KeywrightError('store_unavailable', 'the host has a transaction open');
}
