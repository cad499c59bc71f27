import type { RawBuilder } from 'kysely';
import type { Dialect } from './dialect.ts';
import type { Session } from './engine.ts';

/** Runs raw SQL statements. */
export function rawStatements({ build }: Dialect, session: Session) {
  return {
    async rows<Row>(statement: RawBuilder<unknown>, isPrepared = false): Promise<readonly Row[]> {
      const { sql: text, parameters } = statement.compile(build);
      const result = await session.run({ sql: text, parameters, isPrepared });
      return result.rows as readonly Row[];
    },

    /** @returns the number of changed rows */
    async write(statement: RawBuilder<unknown>): Promise<number> {
      return (await session.run(statement.compile(build))).changes;
    },
  };
}
