import { sha256Hex } from '../../digest/sha256.ts';
import { sharedLookup } from '../lookups.ts';
import { LOCK_TIMEOUT_MS } from './commit-postgres.ts';
import type { Dialect } from './dialect.ts';
import type { Engine, Result, Session, Statement } from './engine.ts';
import { BrokenCommit, judged } from './failures.ts';
import {
  isServerError,
  type PostgresClient,
  type PostgresPool,
  type PostgresPoolClient,
  RAW_TYPES,
  withClient,
} from './postgres-client.ts';
import { findByDigests } from './reads.ts';
import {
  inTransactionOf,
  isOutsidePostgres,
  notATransaction,
  ownSession,
  SAVEPOINT,
} from './session.ts';

/** Begins a transaction of the store. A process that stops in the middle must not keep its locks. */
const BEGIN = [
  'begin isolation level read committed',
  `set local lock_timeout = '${LOCK_TIMEOUT_MS}ms'`,
  "set local idle_in_transaction_session_timeout = '5s'",
];

/** PostgreSQL over a pool of `pg`. */
export function postgresEngine(pool: PostgresPool, dialect: Dialect, prepare: boolean): Engine {
  const names = new Map<string, string>();
  /** How often each client has lost its prepared statements. Their names are not used again. */
  const losses = new WeakMap<PostgresClient, number>();

  function nameOf(client: PostgresClient, sql: string): string {
    let name = names.get(sql);
    if (name === undefined) {
      // pg allows one text per name, and another version of this library may use the same client.
      name = `keywright_${sha256Hex(sql).slice(0, 16)}`;
      names.set(sql, name);
    }
    const lost = losses.get(client);
    return lost === undefined ? name : `${name}_${lost}`;
  }

  function named(client: PostgresClient, statement: Statement): Promise<Result> {
    const isPrepared = prepare && statement.isPrepared === true;
    return query(client, statement, isPrepared ? nameOf(client, statement.sql) : undefined);
  }

  /**
   * Records it if a statement failed because the client has lost its plan, and returns whether it did.
   * Nothing was executed, neither after DISCARD ALL nor after a change of columns.
   */
  function recordLoss(client: PostgresClient, error: unknown): boolean {
    if (!isLostPlan(error)) return false;
    losses.set(client, (losses.get(client) ?? 0) + 1);
    return true;
  }

  async function onIdle(client: PostgresClient, statement: Statement): Promise<Result> {
    try {
      return await named(client, statement);
    } catch (error) {
      if (!recordLoss(client, error)) throw error;
      return query(client, statement);
    }
  }

  const run = (statement: Statement) => withClient(pool, (client) => onIdle(client, statement));

  const engine: Engine = {
    dialect,
    run,

    lookup(one) {
      const many = findByDigests(dialect);
      const read = async (sql: string, parameter: unknown) =>
        (await run({ sql, parameters: [parameter], isPrepared: true })).rows;
      return sharedLookup(async (digests) => {
        if (digests.length === 1) return read(one, digests[0]);
        const rows = await read(many, digests);
        const found = new Map(rows.map((row) => [(row as { digest: unknown }).digest, row]));
        return digests.map((digest) => found.get(digest));
        // Not a microtask: requests on different sockets run in separate turns before one check phase.
      }, setImmediate);
    },

    async commit(steps) {
      const [step, ...more] = steps;
      if (step === undefined || more.length > 0) {
        return transact((session) => session.commit(steps));
      }
      const result = await withClient(pool, async (client) => {
        try {
          return await replicated(client, () => onIdle(client, step.statement));
        } catch (error) {
          throw commitFailure(error);
        }
      });
      return judged(result, step.judge) ?? { status: 'committed', watchedMs: 0 };
    },

    transact,

    join(transaction, work) {
      if (!isClient(transaction) || (transaction as unknown) === pool) {
        throw notATransaction('must be a client of pg on which a transaction was begun');
      }
      const within = (statement: Statement) => query(transaction, statement);
      return inTransactionOf(transaction, within, isOutsidePostgres, work);
    },
  };

  function transact<Outcome>(work: (session: Session) => Promise<Outcome>): Promise<Outcome> {
    return withClient(pool, async (client) => {
      let isPlanLost = false;
      const within = (statement: Statement) =>
        named(client, statement).catch((error: unknown) => {
          isPlanLost ||= recordLoss(client, error);
          throw error;
        });
      const once = () => inTransaction(client, within, work);
      return once().catch((error: unknown) => {
        if (!isPlanLost) throw error;
        return once(); // all of it, since the error has ended the transaction
      });
    });
  }

  return engine;
}

async function inTransaction<Outcome>(
  client: PostgresPoolClient,
  run: Session['run'],
  work: (session: Session) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    await run({ sql: [...BEGIN, SAVEPOINT].join('; '), parameters: [] });
    const outcome = await work(ownSession(run, true));
    await replicated(client, () => end(client));
    return outcome;
  } catch (error) {
    if (isServerError(error)) await run({ sql: 'rollback', parameters: [] });
    throw error;
  }
}

/**
 * Runs a commit, and rejects if a failover can lose it. If a commit stops waiting for its synchronous
 * standby, as after `pg_cancel_backend`, PostgreSQL reports success with a warning.
 */
async function replicated<Outcome>(
  client: PostgresPoolClient,
  commit: () => Promise<Outcome>,
): Promise<Outcome> {
  let isUnreplicated = false;
  const onNotice = (notice: { readonly routine?: string | undefined }) => {
    // Not by its text, which depends on the server's language.
    if (notice.routine === 'SyncRepWaitForLSN') isUnreplicated = true;
  };
  client.on('notice', onNotice);
  try {
    const outcome = await commit();
    if (isUnreplicated) throw new BrokenCommit('no standby has confirmed the commit');
    return outcome;
  } finally {
    client.removeListener('notice', onNotice);
  }
}

async function end(client: PostgresClient): Promise<void> {
  const { command } = await client
    .query({ text: 'commit', values: [], types: RAW_TYPES })
    .catch((error: unknown) => {
      throw commitFailure(error);
    });
  // The server answers the COMMIT of a failed transaction with ROLLBACK.
  if (command === 'ROLLBACK') throw new Error('the transaction had failed before its commit');
}

/** After an error of the connection during a commit, it is unknown whether the commit was made. */
function commitFailure(error: unknown): unknown {
  if (isServerError(error)) return error;
  return new BrokenCommit('the connection broke during a commit', { cause: error });
}

async function query(
  client: PostgresClient,
  { sql: text, parameters }: Statement,
  name?: string,
): Promise<Result> {
  const { rows, rowCount } = await client.query({
    ...(name === undefined ? {} : { name }),
    text,
    values: parameters as unknown[],
    types: RAW_TYPES,
  });
  return { rows, changes: rowCount ?? 0 };
}

/** invalid_sql_statement_name, and feature_not_supported: "cached plan must not change result type". */
function isLostPlan(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === '26000' || code === '0A000';
}

function isClient(given: unknown): given is PostgresClient {
  return typeof given === 'object' && given !== null && 'query' in given;
}
