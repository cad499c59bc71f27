import { sql } from 'kysely';
import type { StoreFinding } from '../../store-finding.ts';
import type { Engine } from './engine.ts';
import { rowsOf } from './reads.ts';

/** The settings of a server of PostgreSQL's family, each as text. */
interface Settings {
  readonly version: string;
  readonly recovering: string;
  readonly commit: string;
  readonly fsync: string;
  readonly names: string;
  readonly standbys: string;
  readonly weakened: string | null;
  readonly is_dsql: string;
}

/**
 * Includes the number of connected standbys, which every account may read, and the roles and databases
 * whose `synchronous_commit` is set to off or local.
 */
const SETTINGS = sql`select version() as version,
  pg_is_in_recovery()::text as recovering,
  current_setting('synchronous_commit') as commit,
  current_setting('fsync') as fsync,
  current_setting('synchronous_standby_names') as names,
  (select count(*) from pg_stat_replication)::text as standbys,
  (to_regclass('sys.iam_pg_role_mappings') is not null)::text as is_dsql,
  (select string_agg(coalesce('role ' || r.rolname, '') || coalesce(' database ' || d.datname, ''), ', ')
    from pg_db_role_setting s
    left join pg_roles r on r.oid = s.setrole
    left join pg_database d on d.oid = s.setdatabase
    where (s.setdatabase = 0 or d.datname = current_database())
      and s.setconfig && array['synchronous_commit=off', 'synchronous_commit=local']) as weakened`;

/** Selects only what every engine of the family supports. */
const VERSION = sql`select version() as version`;

/** Engines that use the protocol but are not PostgreSQL, by the text of their `version()`. */
const OTHERS: readonly (readonly [RegExp, string, string])[] = [
  [
    /CockroachDB/i,
    'CockroachDB',
    'it has no LISTEN and its advisory locks lock nothing, so caches and concurrent migrations behave differently',
  ],
  [/-YB-|Yugabyte/i, 'YugabyteDB', 'follower reads (yb_read_from_followers) must stay off'],
  [/Redshift/i, 'Amazon Redshift', 'it has no indexes and no row locks'],
];

export async function postgresFindings(engine: Engine): Promise<readonly StoreFinding[]> {
  const { build } = engine.dialect;
  const read = <Row>(query: typeof VERSION) =>
    rowsOf<Row>(engine, { compile: () => query.compile(build) });
  const [named] = await read<{ version: string }>(VERSION);
  const other = OTHERS.find(([pattern]) => pattern.test(named?.version ?? ''));
  if (other !== undefined) return [untested(other[1], other[2])];
  const [settings] = await read<Settings>(SETTINGS);
  return settings === undefined ? [] : judge(settings);
}

function judge(settings: Settings): StoreFinding[] {
  if (settings.recovering === 'true') return [STANDBY];
  return [
    ...(settings.is_dsql === 'true'
      ? [untested('Aurora DSQL', 'it takes one DDL statement a transaction and has no row locks')]
      : []),
    ...replication(settings),
    ...(settings.weakened === null ? [] : [weakenedFor(settings.weakened)]),
    ...(settings.fsync === 'off' ? [FSYNC] : []),
  ];
}

function replication({ commit, names, standbys }: Settings): StoreFinding[] {
  const isWeak = commit === 'off' || commit === 'local';
  const hasStandbys = names !== '' || standbys !== '0';
  if (isWeak && hasStandbys) return [weakCommit(commit)];
  if (commit === 'off') return [ASYNC_COMMIT];
  if (names !== '' && commit === 'remote_write') return [REMOTE_WRITE];
  return names === '' && hasStandbys ? [ASYNC_STANDBYS] : [];
}

const STANDBY: StoreFinding = {
  code: 'standby',
  severity: 'refuse',
  message: 'the server is a standby: it takes no changes, and its reads are behind the primary',
  remedy: 'connect the pool to the primary (libpq: target_session_attrs=read-write)',
};

const REMEDY = 'set synchronous_commit = on, for the server and for each role and database';

function weakCommit(commit: string): StoreFinding {
  return {
    code: 'synchronous_commit',
    severity: 'refuse',
    message: `synchronous_commit is ${commit} while there are standbys: a failover loses acknowledged changes`,
    remedy: REMEDY,
  };
}

function weakenedFor(whom: string): StoreFinding {
  return {
    code: 'synchronous_commit',
    severity: 'warn',
    message: `synchronous_commit is weakened for ${whom.trim()}: changes made there can be lost`,
    remedy:
      'run ALTER ROLE … RESET synchronous_commit, or ALTER DATABASE … RESET synchronous_commit',
  };
}

const REMOTE_WRITE: StoreFinding = {
  code: 'synchronous_commit',
  severity: 'warn',
  message:
    'synchronous_commit is remote_write: a failover to a standby whose machine crashed loses acknowledged changes',
  remedy: REMEDY,
};

const ASYNC_STANDBYS: StoreFinding = {
  code: 'asynchronous_replicas',
  severity: 'warn',
  message:
    'standbys are connected and synchronous_standby_names is empty: a failover loses the changes that they have not received',
  remedy: 'name the standbys that failovers promote in synchronous_standby_names',
};

const ASYNC_COMMIT: StoreFinding = {
  code: 'crash_loses_changes',
  severity: 'warn',
  message: 'synchronous_commit is off: a crash loses acknowledged changes of the last moments',
  remedy: REMEDY,
};

const FSYNC: StoreFinding = {
  code: 'crash_loses_changes',
  severity: 'warn',
  message: 'fsync is off: a power failure loses acknowledged changes, or the whole database',
  remedy: 'set fsync = on',
};

export function untested(engine: string, known: string): StoreFinding {
  return {
    code: 'untested_engine',
    severity: 'warn',
    message: `the engine is ${engine}, on which Keywright is not tested: ${known}`,
    remedy: 'run testKeyStore of keywright/testing and a failover of your own against it first',
  };
}
