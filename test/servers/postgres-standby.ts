import { join } from 'node:path';
import { accountOf, findProgram, folderOf, prepare } from './daemon.ts';
import { POSTGRES_FOLDERS, type PostgresServer, startPostgres } from './postgres.ts';

export interface Standby extends PostgresServer {
  /** Makes it the primary, as `pg_ctl promote` does, and waits until it takes changes. */
  promote(): void;
}

/**
 * Starts a standby that streams from `primary`.
 *
 * @param name its `application_name`, by which `synchronous_standby_names` knows it
 */
export async function startStandby(
  primary: Pick<PostgresServer, 'port'>,
  name: string,
): Promise<Standby> {
  const account = accountOf('postgres');
  const data = join(await folderOf('standby', account), 'data');
  const source = `host=127.0.0.1 port=${primary.port} user=keywright application_name=${name}`;
  prepare(
    programOf('pg_basebackup'),
    ['-D', data, '-R', '-X', 'stream', '-c', 'fast', '-d', source, '--no-sync'],
    account,
  );
  const server = await startPostgres({ data });
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  return {
    ...server,
    promote: () => prepare(programOf('pg_ctl'), ['promote', '-w', '-D', data], account),
  };
}

function programOf(name: string): string {
  const program = findProgram(name, POSTGRES_FOLDERS);
  if (program === undefined) throw new Error(`${name} is not installed`);
  return program;
}
