import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, type Daemon, findProgram, folderOf, freePort, startDaemon } from './daemon.ts';
import { type PostgresServer, withClient } from './postgres.ts';

export interface Pgbouncer extends Daemon {
  /** The address of a database of the server, through the pooler. */
  through(url: string): string;
}

/** From this version on it keeps track of prepared statements, unless it is told not to. */
const TRACKS_SINCE = [1, 21] as const;

export function pgbouncerProgram(): string | undefined {
  return findProgram('pgbouncer');
}

/**
 * Starts a pooler in front of `server` that gives each transaction the one of its `connections` that
 * was idle the longest, so that a client seldom has the same twice; `undefined` where none is installed.
 */
export async function startPgbouncer(
  server: Pick<PostgresServer, 'port' | 'url'>,
  connections = 8,
): Promise<Pgbouncer | undefined> {
  const program = pgbouncerProgram();
  if (program === undefined) return undefined;
  const account = accountOf('postgres');
  const folder = await folderOf('pgbouncer', account);
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${server.port} user=keywright`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    `default_pool_size = ${connections}`,
    'server_round_robin = 1',
    ...(tracksStatements(program) ? ['max_prepared_statements = 0'] : []),
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  const through = (url: string) => Object.assign(new URL(url), { port }).href;
  const daemon = await startDaemon(program, [file], {
    ...{ folder, port, account },
    answers: () =>
      withClient(through(server.url('postgres')), (client) => client.query('select 1')),
  });
  return { ...daemon, through };
}

function tracksStatements(program: string): boolean {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (/\d+\.\d+/.exec(said)?.[0] ?? '').split('.').map(Number);
  const [sinceMajor, sinceMinor] = TRACKS_SINCE;
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}
