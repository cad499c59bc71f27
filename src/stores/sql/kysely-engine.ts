import { type CompiledQuery, type Kysely, type QueryResult, sql, type Transaction } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { Engine } from './engine.ts';
import { inHostTransaction, notATransaction } from './host-transaction.ts';
import { runMigrations } from './migrate.ts';
import type { Step } from './schema.ts';
import { drive, isRead, type Result, type Script } from './script.ts';

/** Any database that Kysely reaches. Statements come compiled, so its plugins have no part in it. */
export function kyselyEngine(given: Kysely<unknown>, dialect: Dialect): Engine {
  const db = given.withoutPlugins();
  const { family } = dialect;
  const isolated =
    family === 'sqlite' ? db.transaction() : db.transaction().setIsolationLevel('read committed');

  function transact<Outcome>(script: () => Script<Outcome>): Promise<Outcome> {
    return isolated.execute(async (transaction) => {
      if (family === 'sqlite') await lockFile(transaction, dialect);
      return drive(script(), (statement) => executeOn(transaction, statement));
    });
  }

  return {
    dialect,

    run(statement) {
      if (family !== 'sqlite' || isRead(statement)) return executeOn(db, statement);
      // The driver of libSQL leaves a write that found the file locked half-begun, and every later
      // one on the connection then finds it locked too. Where the transaction waits, none begins.
      return transact(function* (): Script<Result> {
        return yield statement;
      });
    },

    transact,

    async join(transaction, script) {
      if (!isTransaction(transaction)) {
        throw notATransaction('must be a transaction of Kysely on the database of the store');
      }
      const joined = transaction.withoutPlugins();
      return inHostTransaction(
        transaction,
        family,
        (statement) => sql.raw(statement).execute(joined),
        () => drive(script(), (statement) => executeOn(joined, statement)),
      );
    },

    lookup(statement) {
      return async (digest) => {
        const { rows } = await db.executeQuery({ ...statement, parameters: [digest] });
        return rows[0];
      };
    },

    migrate: (steps) =>
      runMigrations(db, dialect, steps, async ({ statements }: Step, connection) => {
        for (const statement of statements) await connection.executeQuery(statement);
      }),
  };
}

/** Runs a statement as it was compiled. */
export async function executeOn(db: Kysely<unknown>, statement: CompiledQuery): Promise<Result> {
  const { rows, numAffectedRows }: QueryResult<unknown> = await db.executeQuery(statement);
  return { rows, changes: Number(numAffectedRows ?? 0) };
}

/**
 * Kysely begins a transaction of SQLite that only reads, and a change between what it read and what
 * it writes would fail it. A write that changes nothing makes others wait from the start.
 */
async function lockFile(transaction: Transaction<unknown>, { build }: Dialect): Promise<void> {
  const nothing = build
    .updateTable('keywright_generation')
    .set(({ ref }) => ({ generation: ref('generation') }))
    .where('id', '=', 0);
  await transaction.executeQuery(nothing.compile());
}

function isTransaction(given: unknown): given is Transaction<unknown> {
  return (
    typeof given === 'object' &&
    given !== null &&
    'isTransaction' in given &&
    given.isTransaction === true
  );
}
