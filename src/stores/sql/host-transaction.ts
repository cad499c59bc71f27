import { invalid } from '../../errors.ts';
import type { Family } from './dialect.ts';

const SAVEPOINT = 'savepoint keywright';
const UNDO = 'rollback to savepoint keywright';
const RELEASE = 'release savepoint keywright';

/** The last piece of work in each transaction of a host. */
const turns = new WeakMap<object, Promise<unknown>>();

/**
 * Runs `work` in a transaction of the host, all of it or nothing, whatever the host does then. One
 * after the other, as pieces of work at once would see each other half-done.
 *
 * @param execute runs a statement without parameters in the transaction
 */
export async function inHostTransaction<Outcome>(
  transaction: object,
  family: Family,
  execute: (statement: string) => Promise<unknown>,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const before = turns.get(transaction) ?? Promise.resolve();
  const turn = before.then(() => inSavepoint(family, execute, work));
  turns.set(
    transaction,
    turn.catch(() => {}),
  );
  return turn;
}

async function inSavepoint<Outcome>(
  family: Family,
  execute: (statement: string) => Promise<unknown>,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    await execute(SAVEPOINT);
    // Outside a transaction MySQL takes a savepoint too, and forgets it at once.
    if (family === 'mysql') await execute(UNDO);
  } catch (error) {
    throw isOutside(error) ? notOpen() : error;
  }
  try {
    const outcome = await work();
    await execute(RELEASE);
    return outcome;
  } catch (error) {
    // If this fails too, the transaction is beyond use, and `error` says why.
    await execute(UNDO)
      .then(() => execute(RELEASE))
      .catch(() => {});
    throw error;
  }
}

/** The error for what is handed over as a transaction and is none. */
export function notATransaction(requirement: string) {
  return invalid('transaction', requirement);
}

function notOpen() {
  return notATransaction('must be open: begin it before it is handed over');
}

/** PostgreSQL's no_active_sql_transaction, MySQL's ER_SP_DOES_NOT_EXIST. */
function isOutside(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return ('code' in error && error.code === '25P01') || ('errno' in error && error.errno === 1305);
}
