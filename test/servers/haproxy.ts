import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Daemon, findProgram, folderOf, freePort, startDaemon } from './daemon.ts';
import { type PostgresServer, withClient } from './postgres.ts';

const GUIDE = new URL('../../docs/examples/failover/haproxy.cfg', import.meta.url);

/** Starts HAProxy as the guide configures it, before a primary and its standby. */
export async function startHaproxy(
  primary: Pick<PostgresServer, 'port' | 'url'>,
  standby: Pick<PostgresServer, 'port'>,
): Promise<(Daemon & { through(url: string): string }) | undefined> {
  const program = findProgram('haproxy');
  if (program === undefined) return undefined;
  const folder = await folderOf('haproxy', undefined);
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  const config = (await readFile(GUIDE, 'utf8'))
    .replace('127.0.0.1:5000', `127.0.0.1:${port}`)
    .replace('10.0.0.1:5432', `127.0.0.1:${primary.port}`)
    .replace('10.0.0.2:5432', `127.0.0.1:${standby.port}`);
  await writeFile(file, config);
  await withClient(primary.url('postgres'), (client) => client.query('create role haproxy login'));
  const through = (url: string) => Object.assign(new URL(url), { port }).href;
  const daemon = await startDaemon(program, ['-db', '-f', file], {
    ...{ folder, port, account: undefined },
    // It takes all servers for good until a check has failed: none may lead to the standby any more.
    answers: async () => {
      for (let i = 0; i < 4; i++) await leadsToPrimary(through(primary.url('postgres')));
    },
  });
  return { ...daemon, through };
}

async function leadsToPrimary(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query('select pg_is_in_recovery() as is_standby');
    if (rows[0].is_standby) throw new Error('a session goes to the standby');
  });
}
