import { invalid } from '../../errors.ts';
import { retrying } from '../../retry.ts';
import type { KeyStore } from '../../store.ts';
import { cappedLookup } from '../lookups.ts';
import { mysqlPlanner } from './commit-mysql.ts';
import { postgresPlanner } from './commit-postgres.ts';
import { sqlitePlanner } from './commit-sqlite.ts';
import { sqlDeliveries } from './deliveries.ts';
import type { Dialect } from './dialect.ts';
import type { Engine, Session } from './engine.ts';
import { failureOf, isLostRace, resultOf } from './failures.ts';
import { sqlFeed } from './feed.ts';
import { inspectSql } from './inspect.ts';
import { migrateChecked } from './migrate-checked.ts';
import { findByDigest, sqlReads } from './reads.ts';
import { holdFailure, holding, type Planner, scopeIn } from './scope.ts';
import { verifiableKeys } from './tables.ts';
import { recordUsage } from './usage.ts';
import { readView } from './views.ts';

/** A store whose tables must be created before it is used. */
export interface SqlStore extends KeyStore {
  /**
   * Creates the tables if they are missing. Several processes may call it at once, at every start of a
   * service. An interrupted call can be repeated. Drops nothing.
   *
   * Also reads the server's settings as `checkStore` does. Emits one process warning for each that may
   * break a promise.
   *
   * Rejects with `store_not_migrated` if the tables have an unknown version, and with `store_unsafe` if the
   * set-up is known to break a promise.
   */
  migrate(): Promise<void>;
}

/** Options of a store in any SQL database. */
export interface SqlStoreOptions {
  /** The most look-ups that wait for the database. A further one is a 503 at once. Default 1,000. */
  readonly maxLookups?: number;
}

/** The store of all SQL engines. */
export function sqlStore(engine: Engine, { maxLookups = 1000 }: SqlStoreOptions): SqlStore {
  if (!Number.isSafeInteger(maxLookups) || maxLookups < 1) {
    throw invalid('maxLookups', 'must be a whole number of at least 1');
  }
  const { dialect, transact, join } = engine;
  const { family } = dialect;
  const lookup = cappedLookup(engine.lookup(findByDigest(dialect)), {
    most: maxLookups,
    read: (row) => (row === undefined ? undefined : verifiableKeys.read(row)),
    failureOf: (error) => failureOf(family, error),
  });
  const plan = plannerOf(dialect);
  const reader: Session = { ...engine, run: (statement) => run(() => engine.run(statement)) };

  /** Runs a read, and retries it after a serialization failure. */
  async function run<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await retrying(work, (error) => isLostRace(family, error));
    } catch (error) {
      throw failureOf(family, error);
    }
  }

  return {
    ...sqlReads(dialect, reader),
    findByDigest: (digest) => lookup(dialect.bytes(digest)),
    view: (query) => readView(dialect, reader, query),
    commit: (change) => resultOf(family, () => engine.commit(plan(change, false))),
    async recordUsage(usage) {
      if (usage.size > 0) await recordUsage(dialect, reader, usage);
    },
    ...(transact && {
      async hold(owner, work) {
        let failed: { readonly error: unknown } | undefined;
        try {
          return await transact((session) =>
            holding(dialect, session, plan, owner, (held) =>
              work(held).catch((error: unknown) => {
                failed = { error };
                throw error;
              }),
            ),
          );
        } catch (error) {
          throw failed?.error === error ? error : holdFailure(dialect, error);
        }
      },
    }),
    ...(join && {
      join: async (transaction, work) =>
        join(transaction, (session) => work(scopeIn(dialect, session, plan, { isJoined: true }))),
    }),
    ...(engine.feed && { changes: sqlFeed(dialect, reader, engine.feed) }),
    deliveries: sqlDeliveries(dialect, reader, transact && ((work) => run(() => transact(work)))),
    inspect: () => run(() => inspectSql(engine)),
    migrate: () => migrateChecked(engine),
  };
}

function plannerOf(dialect: Dialect): Planner {
  if (dialect.family === 'postgres') return postgresPlanner(dialect);
  return dialect.family === 'mysql' ? mysqlPlanner(dialect) : sqlitePlanner(dialect);
}
