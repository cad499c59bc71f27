import type { Kysely } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { Engine } from './engine.ts';
import { runOn } from './kysely-engine.ts';

/** A statement of a batch, with its parameters in the order of the placeholders. */
export interface BatchStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Runs statements in order: all of them or, if one fails, none. */
export type RunBatch = (statements: readonly BatchStatement[]) => Promise<unknown>;

/**
 * An engine for SQLite databases that take a transaction only as a whole batch, such as Cloudflare D1. It
 * has no change feed, so no commit reports that a cache is watching.
 */
export function batchEngine(given: Kysely<unknown>, dialect: Dialect, batch: RunBatch): Engine {
  const db = given.withoutPlugins();
  return {
    dialect,
    run: (statement) => runOn(db, statement),
    async commit(steps) {
      await batch(steps.map(({ statement: { sql, parameters } }) => ({ sql, parameters })));
      return { status: 'committed', watchedMs: 0 };
    },
    lookup(sql) {
      return async (digest) => {
        const { rows } = await runOn(db, { sql, parameters: [digest] });
        return rows[0];
      };
    },
  };
}
