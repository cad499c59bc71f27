import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { retrying } from '../retry.ts';
import type { Dialect } from './dialect.ts';
import { isTransient } from './failures.ts';
import type { Step } from './schema.ts';

const TABLE = 'keywright_migration';
const LOCK_TABLE = 'keywright_migration_lock';

/**
 * Runs the steps that have not been run, with Kysely's migrator and tables of our own.
 *
 * PostgreSQL and MySQL let one process at a time do it, by an advisory lock. On SQLite two may run
 * the same step, which does no harm: the second fails to note it, and looks again.
 *
 * @param apply runs a step over the connection that the migrator holds
 */
export async function runMigrations(
  db: Kysely<unknown>,
  { family, schema }: Dialect,
  steps: readonly Step[],
  apply: (step: Step, connection: Kysely<unknown>) => Promise<void>,
): Promise<void> {
  const ours = steps.map((step) => [step.name, { up: (on: Kysely<unknown>) => apply(step, on) }]);
  let noted = await notedSteps(db, schema);
  await retrying(
    async () => {
      // What a newer version has run is none of our business, and the migrator would refuse it.
      const others = noted.map((name) => [name, { up: async () => {} }]);
      const migrator = new Migrator({
        db,
        migrationTableName: TABLE,
        migrationLockTableName: LOCK_TABLE,
        ...(schema === undefined ? {} : { migrationTableSchema: schema }),
        provider: { getMigrations: async () => Object.fromEntries([...others, ...ours]) },
      });
      const { error } = await migrator.migrateToLatest();
      if (error !== undefined) throw error;
    },
    async (error) => {
      const before = noted.length;
      noted = await notedSteps(db, schema);
      return noted.length > before || isTransient(family, error);
    },
  );
}

async function notedSteps(db: Kysely<unknown>, schema: string | undefined): Promise<string[]> {
  const tables = (schema === undefined ? db : db.withSchema(schema)) as Kysely<{
    [TABLE]: { name: string };
  }>;
  try {
    const rows = await tables.selectFrom(TABLE).select('name').execute();
    return rows.map(({ name }) => name);
  } catch {
    return []; // the table is made by the migrator, which tells what else is wrong
  }
}
