import { CompiledQuery, type Kysely, type QueryResult, type Transaction } from 'kysely';
import { retrying } from '../../retry.ts';
import { LOCK_TIMEOUT_MS } from './commit-postgres.ts';
import type { Dialect } from './dialect.ts';
import type { Engine, Result, Session, Statement } from './engine.ts';
import { BrokenCommit, isBusy, isLostRace, takeSteps } from './failures.ts';
import {
  inTransactionOf,
  inTurn,
  isOutsideMysql,
  isOutsidePostgres,
  notATransaction,
  ownSession,
  plain,
} from './session.ts';

/**
 * Makes the commits of this process to SQLite run one after another, for all clients. A BEGIN of libSQL
 * that finds the file locked leaves the connection locked until its statement is garbage-collected.
 */
const ALL_FILES = {};

/**
 * An engine for any database that Kysely supports. Statements are already compiled, so Kysely's plugins do
 * not change them.
 *
 * @param hasFeed whether the store can be cached
 */
export function kyselyEngine(given: Kysely<unknown>, dialect: Dialect, hasFeed = true): Engine {
  const db = given.withoutPlugins();
  const { family } = dialect;
  const isolated =
    family === 'sqlite' ? db.transaction() : db.transaction().setIsolationLevel('read committed');

  function transact<Outcome>(work: (session: Session) => Promise<Outcome>): Promise<Outcome> {
    let isCommitting = false;
    const outcome = isolated.execute(async (transaction) => {
      const run = (statement: Statement) => runOn(transaction, statement);
      if (family === 'postgres') {
        await run(plain(`set local lock_timeout = '${LOCK_TIMEOUT_MS}ms'`));
        await run(plain("set local idle_in_transaction_session_timeout = '5s'"));
      }
      const result = await work(ownSession(run, false));
      isCommitting = true;
      return result;
    });
    return outcome.catch((error: unknown) => {
      // Each driver has its own connection errors. Only a lost race is known to come from the server.
      if (!isCommitting || isLostRace(family, error)) throw error;
      throw new BrokenCommit('the commit failed', { cause: error });
    });
  }

  /** The first statement locks the SQLite file, so no data that the commit reads is stale. */
  function commitToFile(steps: Parameters<Engine['commit']>[0]) {
    const attempt = () =>
      isolated.execute((transaction) =>
        takeSteps((statement) => runOn(transaction, statement), steps),
      );
    return inTurn(ALL_FILES, () => retrying(attempt, isBusy));
  }

  async function run(statement: Statement): Promise<Result> {
    if (family === 'sqlite') {
      if (/^\s*select/.test(statement.sql)) return retrying(() => runOn(db, statement), isBusy);
      // With the driver of libSQL, a write that finds the file locked stays half-begun. Every later write
      // of the connection then finds the file locked, too. A transaction that waits has begun none.
      let result: Result | undefined;
      await commitToFile([
        {
          statement,
          judge(given) {
            result = given;
            return undefined;
          },
        },
      ]);
      return result as Result;
    }
    return db.connection().execute(async (connection) => {
      // Ends a transaction that an earlier user of the connection left open: reads in it could be stale.
      await runOn(connection, plain('rollback'));
      return runOn(connection, statement);
    });
  }

  return {
    dialect,
    run,
    commit:
      family === 'sqlite' ? commitToFile : (steps) => transact((session) => session.commit(steps)),
    ...(family === 'sqlite' ? {} : { transact }),

    join(transaction, work) {
      if (!isTransaction(transaction)) {
        throw notATransaction('must be a transaction of Kysely on the database of the store');
      }
      const joined = transaction.withoutPlugins();
      const isOutside = family === 'mysql' ? isOutsideMysql : isOutsidePostgres;
      return inTransactionOf(transaction, (statement) => runOn(joined, statement), isOutside, work);
    },

    lookup(sql) {
      return async (digest) => {
        const { rows } = await run({ sql, parameters: [digest] });
        return rows[0];
      };
    },

    ...(hasFeed && { feed: {} }),
  };
}

/** Runs a compiled statement unchanged. */
export async function runOn(db: Kysely<unknown>, { sql, parameters }: Statement): Promise<Result> {
  const compiled = CompiledQuery.raw(sql, [...parameters]);
  const result: QueryResult<unknown> = await db.executeQuery(compiled);
  return {
    rows: result.rows,
    changes: Number(result.numAffectedRows ?? 0),
    insertId: Number(result.insertId ?? 0),
  };
}

function isTransaction(given: unknown): given is Transaction<unknown> {
  return (
    typeof given === 'object' &&
    given !== null &&
    'isTransaction' in given &&
    given.isTransaction === true
  );
}
