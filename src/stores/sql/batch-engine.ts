import type { CompiledQuery, Kysely } from 'kysely';
import { withDeadline } from '../../deadline.ts';
import { retrying } from '../retry.ts';
import type { Dialect } from './dialect.ts';
import type { Engine } from './engine.ts';
import { digestTaken, isDuplicate } from './failures.ts';
import { notATransaction } from './host-transaction.ts';
import { executeOn, kyselyEngine } from './kysely-engine.ts';
import { drive, isRead, type Script } from './script.ts';

/** For so long a change waits for the one before it, in milliseconds. */
const PATIENCE_MS = 1000;

/** A statement of a batch, with its parameters in the order of the placeholders. */
export interface BatchStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Runs statements in order, all of them or, if one fails, none. */
export type RunBatch = (statements: readonly BatchStatement[]) => Promise<unknown>;

/**
 * SQLite where a transaction cannot be held open, only sent whole. What a script reads it reads at
 * once, and what it writes is kept for the end. Every change of an owner's keys adds the event that
 * follows the head it has read, and two cannot add the same: one who was overtaken begins anew.
 */
export function batchEngine(db: Kysely<unknown>, dialect: Dialect, batch: RunBatch): Engine {
  const plain = db.withoutPlugins();
  let last: Promise<unknown> = Promise.resolve();

  async function attempt<Outcome>(script: Script<Outcome>): Promise<Outcome> {
    const writes: CompiledQuery[] = [];
    const outcome = await drive(script, async (statement) => {
      if (isRead(statement)) return executeOn(plain, statement);
      writes.push(statement);
      return { rows: [], changes: 0 };
    });
    if (writes.length === 0) return outcome;
    try {
      await batch(writes.map(({ sql, parameters }) => ({ sql, parameters })));
    } catch (error) {
      throw isDuplicate('sqlite', error) && isAboutKeys(error) ? digestTaken(error) : error;
    }
    return outcome;
  }

  return {
    ...kyselyEngine(db, dialect),

    run: (statement) => executeOn(plain, statement),

    transact(script) {
      // One after the other, as those of one process would else only overtake each other; but none
      // waits for ever behind one that gets no answer.
      const before = withDeadline(last, PATIENCE_MS).catch(() => {});
      const done = before.then(() =>
        retrying(
          () => attempt(script()),
          (error) => isDuplicate('sqlite', error),
        ),
      );
      last = done;
      return done;
    },

    async join() {
      throw notATransaction('cannot be joined: this database has none that stay open');
    },
  };
}

/** SQLite names the columns whose unique index was broken. */
function isAboutKeys(error: unknown): boolean {
  return error instanceof Error && error.message.includes('keywright_keys.');
}
