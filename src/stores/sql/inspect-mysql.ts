import type { StoreFinding } from '../../store-finding.ts';
import type { Session } from './engine.ts';
import { untested } from './inspect-postgres.ts';
import { plain } from './session.ts';

/** The server's variables, as this connection has them, without those that the server lacks. */
export type Variables = ReadonlyMap<string, string>;

const NAMES = [
  'version',
  'version_comment',
  'read_only',
  'log_bin',
  'binlog_format',
  'wsrep_on',
  'wsrep_sync_wait',
  'group_replication_group_name',
  'group_replication_single_primary_mode',
  'innodb_flush_log_at_trx_commit',
];

/** `show` accepts unknown names; `select @@name` rejects them. */
const VARIABLES = plain(
  `show variables where variable_name in (${NAMES.map((name) => `'${name}'`).join(', ')})`,
);

export async function mysqlVariables(session: Session): Promise<Variables> {
  const { rows } = await session.run(VARIABLES);
  return new Map(
    rows.map((row) => {
      const { Variable_name, Value } = row as { Variable_name: string; Value: string };
      return [Variable_name, Value];
    }),
  );
}

/** Whether reads of Galera wait until the node has applied the commits of other nodes. */
export function isGaleraInSync(variables: Variables): boolean {
  // A bit mask, in which 1 stands for reads.
  return variables.get('wsrep_on') === 'ON' && Number(variables.get('wsrep_sync_wait')) % 2 === 1;
}

export function mysqlFindings(variables: Variables): readonly StoreFinding[] {
  const is = (name: string, value: string) => variables.get(name) === value;
  const version = `${variables.get('version')} ${variables.get('version_comment')}`;
  return [
    ...(/TiDB/i.test(version) ? [TIDB] : []),
    ...(/Vitess|PlanetScale/i.test(version) ? [VITESS] : []),
    ...(is('read_only', 'ON') ? [STANDBY] : []),
    ...(is('wsrep_on', 'ON') && !isGaleraInSync(variables) ? [GALERA] : []),
    ...(variables.get('group_replication_group_name') &&
    is('group_replication_single_primary_mode', 'OFF')
      ? [SEVERAL_PRIMARIES]
      : []),
    ...(is('log_bin', 'ON') && is('binlog_format', 'STATEMENT') ? [STATEMENT_BINLOG] : []),
    ...(['0', '2'].includes(variables.get('innodb_flush_log_at_trx_commit') ?? '1') ? [FLUSH] : []),
  ];
}

const TIDB = untested('TiDB', 'stale reads (tidb_read_staleness, tidb_replica_read) must stay off');
const VITESS = untested(
  'Vitess',
  'a keyspace must not be sharded, and reads must go to its primary',
);

const STANDBY: StoreFinding = {
  code: 'standby',
  severity: 'refuse',
  message: 'the server is read_only: a replica, whose reads are behind the primary',
  remedy: 'connect the pool to the primary',
};

const GALERA: StoreFinding = {
  code: 'galera_stale_reads',
  severity: 'refuse',
  message:
    'wsrep_sync_wait does not cover reads: a node of Galera accepts a key that was revoked on another node until it has caught up',
  remedy: 'set wsrep_sync_wait = 1 on every node (SET GLOBAL, and in its configuration file)',
};

const SEVERAL_PRIMARIES: StoreFinding = {
  code: 'several_primaries',
  severity: 'refuse',
  message: 'group replication has several primaries, whose reads are behind each other',
  remedy:
    'run SELECT group_replication_switch_to_single_primary_mode() and connect the pool to the primary',
};

const STATEMENT_BINLOG: StoreFinding = {
  code: 'statement_binlog',
  severity: 'refuse',
  message: 'binlog_format is STATEMENT, with which InnoDB refuses the changes of READ COMMITTED',
  remedy: 'set binlog_format = ROW',
};

const FLUSH: StoreFinding = {
  code: 'crash_loses_changes',
  severity: 'warn',
  message:
    'innodb_flush_log_at_trx_commit is not 1: a crash loses acknowledged changes of the last second',
  remedy: 'set innodb_flush_log_at_trx_commit = 1',
};
