import { invalid, type KeywrightError } from '../../errors.ts';
import type { CommitResult } from '../../store.ts';
import type { Result, Session, Statement, Step } from './engine.ts';
import { takeSteps } from './failures.ts';

export const SAVEPOINT = 'savepoint keywright';
const UNDO = 'rollback to savepoint keywright';

type Run = (statement: Statement) => Promise<Result>;

/**
 * A session within a transaction of the store.
 *
 * @param isSaved whether {@link SAVEPOINT} has already been sent, so that the first commit does not send it
 */
export function ownSession(run: Run, isSaved: boolean): Session {
  let saved = isSaved;
  return {
    run,
    async commit(steps) {
      if (!saved) await run(plain(SAVEPOINT));
      try {
        const result = await takeSteps(run, steps);
        saved = false;
        return result;
      } catch (error) {
        await run(plain(UNDO));
        saved = true;
        throw error;
      }
    },
  };
}

/** The last piece of work in each transaction of the application. */
const tails = new WeakMap<object, Promise<unknown>>();

/** Runs work in a transaction one after another: concurrent work would see half-done changes. */
export function inTurn<Outcome>(
  transaction: object,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const before = tails.get(transaction) ?? Promise.resolve();
  const turn = before.then(work);
  tails.set(
    transaction,
    turn.catch(() => {}),
  );
  return turn;
}

/**
 * Runs `work` in a transaction of the application. If `work` fails, its writes are undone, even if the
 * application then commits the transaction.
 *
 * @param isOutside whether an error means that no transaction is open
 */
export function inTransactionOf<Outcome>(
  transaction: object,
  run: Run,
  isOutside: (error: unknown) => boolean,
  work: (session: Session) => Promise<Outcome>,
): Promise<Outcome> {
  return inTurn(transaction, async () => {
    try {
      await run(plain('savepoint keywright_join'));
      // Outside a transaction, MySQL accepts a savepoint and drops it at once. The rollback then fails.
      await run(plain('rollback to savepoint keywright_join'));
    } catch (error) {
      throw isOutside(error) ? notOpen() : error;
    }
    return saved(run, 'keywright_join', () =>
      work({ run, commit: (steps) => commitWithin(run, steps) }),
    );
  });
}

async function commitWithin(run: Run, steps: readonly Step[]): Promise<CommitResult> {
  await run(plain(SAVEPOINT));
  return saved(run, 'keywright', () => takeSteps(run, steps));
}

/**
 * Runs `work` after a savepoint. Releases the savepoint at the end, or rolls back to it if `work` fails. Its
 * name must differ from those of outer savepoints: MySQL drops an older one of the same name.
 */
async function saved<Outcome>(
  run: Run,
  name: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const release = plain(`release savepoint ${name}`);
  try {
    const outcome = await work();
    await run(release);
    return outcome;
  } catch (error) {
    // If this fails too, the transaction is unusable, and `error` has the cause.
    await run(plain(`rollback to savepoint ${name}`))
      .then(() => run(release))
      .catch(() => {});
    throw error;
  }
}

/** The error for a transaction of the wrong kind. */
export function notATransaction(requirement: string): KeywrightError {
  return invalid('transaction', requirement);
}

function notOpen(): KeywrightError {
  return notATransaction('must be open: begin it before you pass it');
}

/** A statement without parameters. */
export function plain(sql: string): Statement {
  return { sql, parameters: [] };
}

/** PostgreSQL's no_active_sql_transaction. */
export function isOutsidePostgres(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === '25P01';
}

/** MySQL's ER_SP_DOES_NOT_EXIST. */
export function isOutsideMysql(error: unknown): boolean {
  return (error as { readonly errno?: unknown } | null)?.errno === 1305;
}
