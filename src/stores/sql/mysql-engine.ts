import { withDeadline } from '../../deadline.ts';
import { hasCode, KeywrightError } from '../../errors.ts';
import type { Dialect } from './dialect.ts';
import type { Engine, Result, Session, Statement } from './engine.ts';
import { BrokenCommit, takeSteps } from './failures.ts';
import {
  checkOut,
  type MysqlConnection,
  type MysqlPool,
  type MysqlPoolConnection,
  runOn,
} from './mysql-client.ts';
import { inTransactionOf, isOutsideMysql, notATransaction, ownSession, plain } from './session.ts';

/** How long a statement of a change waits for locks. The server's own limit is 50 seconds. */
const LOCK_TIMEOUT_MS = 2000;

/** Ends a transaction that was left open on the connection, and begins another, in one round trip. */
const BEGIN = plain('rollback and chain');

/** The selects whose columns a statement returns: those of a union, but not subqueries. */
const SELECTS = /(^\s*|union all )select/g;

interface MarkedRow {
  readonly [column: string]: unknown;
  readonly is_old: unknown;
}

/** MySQL or MariaDB over a pool of mysql2. */
export function mysqlEngine(pool: MysqlPool, dialect: Dialect, prepare: boolean): Engine {
  /** Whether the server has `@@in_transaction`, as MariaDB. Without it, a ROLLBACK precedes each read. */
  let hasInTransaction = true;

  async function withConnection<Outcome>(
    work: (connection: MysqlPoolConnection) => Promise<Outcome>,
  ): Promise<Outcome> {
    const connection = await checkOut(pool);
    let isFit = true;
    try {
      return await work(connection);
    } catch (error) {
      isFit = isServerError(error);
      throw error;
    } finally {
      if (isFit) connection.release();
      else connection.destroy();
    }
  }

  /** Runs a statement after ending a transaction that was left open, in which a read could be stale. */
  async function fresh(on: MysqlConnection, statement: Statement): Promise<Result> {
    if (/^\s*select/.test(statement.sql)) {
      const { atMostOne } = statement;
      const marked = atMostOne === undefined ? eachMarked(statement.sql) : marking(statement.sql);
      const result = await runMarked(on, { ...statement, sql: marked });
      const [first] = (result?.rows ?? []) as (MarkedRow | undefined)[];
      // Without a row, an open transaction would go unnoticed: the row may have been added since it began.
      if (result !== undefined && Number(first?.is_old) === 0) {
        const isAbsent = atMostOne !== undefined && first?.[atMostOne] === null;
        return isAbsent ? { ...result, rows: [] } : result;
      }
    }
    await runOn(on, plain('rollback'), prepare);
    return runOn(on, statement, prepare);
  }

  /** Runs a statement that selects `@@in_transaction`; `undefined` if the server does not have it. */
  async function runMarked(on: MysqlConnection, statement: Statement) {
    if (!hasInTransaction) return undefined;
    try {
      return await runOn(on, statement, prepare);
    } catch (error) {
      if ((error as { readonly errno?: unknown }).errno !== 1193) throw error;
      hasInTransaction = false; // ER_UNKNOWN_SYSTEM_VARIABLE
      return undefined;
    }
  }

  const run = (statement: Statement) =>
    withConnection((connection) => fresh(connection, statement));

  function transact<Outcome>(work: (within: Session['run']) => Promise<Outcome>): Promise<Outcome> {
    return withConnection(async (connection) => {
      const within = (statement: Statement) =>
        withDeadline(runOn(connection, statement, prepare), LOCK_TIMEOUT_MS).catch(timedOut);
      await within(BEGIN);
      try {
        const outcome = await work(within);
        await runOn(connection, plain('commit'), prepare).catch((error: unknown) => {
          if (isServerError(error)) throw error;
          throw new BrokenCommit('the connection broke during a commit', { cause: error });
        });
        return outcome;
      } catch (error) {
        if (isServerError(error)) await runOn(connection, plain('rollback'), prepare);
        throw error;
      }
    });
  }

  return {
    dialect,
    run,
    commit: (steps) => transact((within) => takeSteps(within, steps)),
    transact: (work) => transact((within) => work(ownSession(within, false))),

    join(transaction, work) {
      const connection = connectionOf(transaction);
      if (connection === undefined) {
        throw notATransaction('must be a connection of mysql2 on which a transaction was begun');
      }
      const within = (statement: Statement) => runOn(connection, statement, prepare);
      return inTransactionOf(connection, within, isOutsideMysql, work);
    },

    lookup(sql) {
      // With `atMostOne`, an absent key takes as long as any other.
      const one = { sql, atMostOne: 'id' };
      return async (digest) => (await run({ ...one, parameters: [digest] })).rows[0];
    },

    feed: {},
  };
}

/** Adds a column to each row: whether a transaction was open. */
function eachMarked(sql: string): string {
  return sql.replace(SELECTS, '$1select @@in_transaction as is_old,');
}

/** Adds that column to a select of at most one row, and returns a row even if there is none. */
function marking(sql: string): string {
  return `select s.is_old, k.* from (select @@in_transaction as is_old) as s
    left join (${sql}) as k on 1 = 1`;
}

/** Nothing is committed: the connection is closed, which ends its transaction. */
function timedOut(error: unknown): never {
  if (!hasCode(error, 'store_unavailable')) throw error;
  throw new KeywrightError('change_contended', 'another transaction holds rows of this owner');
}

/** Whether the error came from the server, so that the connection is still usable. */
function isServerError(error: unknown): boolean {
  const { errno, fatal, name } = (error ?? {}) as {
    readonly errno?: unknown;
    readonly fatal?: unknown;
    readonly name?: unknown;
  };
  if (name === 'KeywrightError') return !hasCode(error, 'change_contended');
  if (fatal === true) return false;
  // Errors of sockets have negative numbers.
  return errno === undefined ? !(error instanceof BrokenCommit) : Number(errno) > 0;
}

/** Returns the connection with callbacks, which one with promises wraps; `undefined` for anything else. */
function connectionOf(given: unknown): MysqlConnection | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const connection = 'connection' in given ? given.connection : given;
  return isConnection(connection) ? connection : undefined;
}

function isConnection(given: unknown): given is MysqlConnection {
  // A pool runs each statement on another connection, so it has no transaction.
  const isObject = typeof given === 'object' && given !== null;
  return isObject && 'execute' in given && !('getConnection' in given);
}
