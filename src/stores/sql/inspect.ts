import { sql } from 'kysely';
import type { StoreFinding } from '../../store-finding.ts';
import type { Dialect } from './dialect.ts';
import { tableOf } from './dialect.ts';
import type { Engine, Session, Statement } from './engine.ts';
import { failureOf } from './failures.ts';
import { isGaleraInSync, mysqlFindings, mysqlVariables } from './inspect-mysql.ts';
import { postgresFindings } from './inspect-postgres.ts';
import { absentIfMissing } from './migrate.ts';

/** Concurrent reads: more than the ten connections of a default pool, so that each connection reads. */
const PROBES = 12;

/** Returns the settings that break a promise, or may, and whether another server answers reads. */
export async function inspectSql(engine: Engine): Promise<readonly StoreFinding[]> {
  const findings = await inspectSettings(engine);
  const isPlain = findings.every(({ severity }) => severity !== 'refuse');
  return isPlain ? [...findings, ...(await probeReads(engine))] : findings;
}

/** Inspects the settings of the server, which needs no tables. */
export async function inspectSettings(engine: Engine): Promise<readonly StoreFinding[]> {
  switch (engine.dialect.family) {
    case 'postgres':
      return postgresFindings(engine);
    case 'mysql':
      return mysqlFindings(await mysqlVariables(engine));
    case 'sqlite':
      return []; // one file: there is no other server whose reads could be behind
  }
}

/**
 * Compares the server that locks rows with the servers that answer reads on other connections. They
 * differ behind a pooler or proxy that sends reads to standbys, even if those are not behind now.
 */
export async function probeReads(engine: Engine): Promise<readonly StoreFinding[]> {
  const { dialect, transact } = engine;
  if (dialect.family === 'sqlite' || transact === undefined) return [];
  if (dialect.family === 'mysql' && isGaleraInSync(await mysqlVariables(engine))) return [];
  try {
    const writer = await transact((session) => identityOf(session, identify(dialect, true)));
    const read = identify(dialect, false);
    const readers = await Promise.all(
      Array.from({ length: PROBES }, () => identityOf(engine, read)),
    );
    return readers.every((reader) => reader === writer) ? [] : [READS_ELSEWHERE];
  } catch (error) {
    // Before the first migration, there is no table to read.
    return absentIfMissing(dialect, failureOf(dialect.family, error)) ?? [];
  }
}

const READS_ELSEWHERE: StoreFinding = {
  code: 'reads_elsewhere',
  severity: 'refuse',
  message:
    'reads are answered by another server than writes, so a revoked key can be accepted until that server has caught up',
  remedy:
    'connect the pool to the primary alone, or turn off load balancing of reads for it (pgpool-II: load_balance_mode = off)',
};

/** Reads from one of the store's tables, as look-ups do, because proxies route by the statement. */
function identify(dialect: Dialect, locks: boolean): Statement {
  const server =
    dialect.family === 'postgres'
      ? sql`pg_postmaster_start_time()::text || ' ' || coalesce(inet_server_port(), 0)::text`
      : sql`concat(@@hostname, ' ', @@port, ' ', @@server_id, ' ', @@datadir)`;
  const lock = locks ? sql` for update` : sql``;
  const table = tableOf(dialect, 'keywright_settings');
  return sql`select ${server} as server from ${table} where id = 1${lock}`.compile(dialect.build);
}

async function identityOf(session: Session, statement: Statement): Promise<string> {
  const { rows } = await session.run(statement);
  return String((rows[0] as { readonly server?: unknown } | undefined)?.server);
}
