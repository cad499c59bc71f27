import { sql } from 'kysely';
import { hasCode, invalid, KeywrightError } from '../../errors.ts';
import type { Dialect } from './dialect.ts';
import type { Engine, Step } from './engine.ts';
import { failureOf } from './failures.ts';
import { rowsOf } from './reads.ts';
import { createSchema, SCHEMA_VERSION, schemaStatements } from './schema.ts';

/** A number that no other user of advisory locks is likely to choose: the start of SHA-256 of "keywright". */
const ADVISORY_LOCK = 1_801_810_807;

/**
 * Creates the tables if they do not exist. Reads and changes only Keywright's own tables.
 *
 * @throws KeywrightError `store_not_migrated` if the tables have an unknown version
 */
export async function migrateTables(engine: Engine): Promise<void> {
  const { dialect } = engine;
  const version = await presentVersion(engine);
  if (version === SCHEMA_VERSION) return;
  if (version !== undefined) throw unknownVersion(dialect, `version ${version}`);
  if (await hasOlderTables(engine)) throw unknownVersion(dialect, 'an unpublished version');
  const statements = schemaStatements(dialect);
  if (dialect.family === 'postgres') {
    if (!(await hasSchema(engine))) statements.unshift(createSchema(dialect));
    // One process at a time: `if not exists` does not prevent two from colliding.
    statements.unshift(
      sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.compile(dialect.build),
    );
  }
  const steps = statements.map((statement): Step => ({ statement }));
  try {
    await engine.commit(steps);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === '42501') throw cannotCreate(dialect, error);
    throw failureOf(dialect.family, error);
  }
}

async function presentVersion(engine: Engine): Promise<number | undefined> {
  const { build } = engine.dialect;
  const select = build.selectFrom('keywright_settings').select('version').where('id', '=', 1);
  try {
    const [row] = await rowsOf<{ version: unknown }>(engine, select);
    return row && Number(row.version);
  } catch (error) {
    return absentIfMissing(engine.dialect, error);
  }
}

async function hasOlderTables(engine: Engine): Promise<boolean> {
  const table = sql.id(engine.dialect.schema, 'keywright_leases');
  try {
    await rowsOf(engine, {
      compile: () => sql`select 1 from ${table}`.compile(engine.dialect.build),
    });
    return true;
  } catch (error) {
    return absentIfMissing(engine.dialect, error) ?? false;
  }
}

export function absentIfMissing(dialect: Dialect, error: unknown): undefined {
  const failure = failureOf(dialect.family, error);
  if (!hasCode(failure, 'store_not_migrated')) throw failure;
  return undefined;
}

async function hasSchema(engine: Engine): Promise<boolean> {
  const { schema, build } = engine.dialect;
  const select = sql`select 1 from pg_catalog.pg_namespace where nspname = ${schema}`;
  return (await rowsOf(engine, { compile: () => select.compile(build) })).length > 0;
}

function unknownVersion({ schema }: Dialect, what: string): KeywrightError {
  return new KeywrightError(
    'store_not_migrated',
    `the tables in ${schema} are of ${what}, which this version of Keywright does not support`,
  );
}

function cannotCreate({ schema }: Dialect, cause: unknown): KeywrightError {
  return Object.assign(
    invalid(
      'schema',
      `"${schema}" cannot be created by this account: create it and grant its use, or pass the name of a schema that the account may create tables in`,
    ),
    { cause },
  );
}
