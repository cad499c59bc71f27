import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Daemon, findProgram, folderOf, freePort, startDaemon } from './daemon.ts';
import { type PostgresServer, withClient } from './postgres.ts';

/** The guide's configuration files, which name the servers 10.0.0.1, 10.0.0.2 and so on. */
const FOLDER = new URL('../../docs/examples/failover/', import.meta.url);

type Haproxy = Daemon & { through(url: string): string };
type Server = Pick<PostgresServer, 'port' | 'url'>;

/** Starts HAProxy as the guide configures it, before a primary and its standby. */
export async function startHaproxy(
  primary: Server,
  standby: Pick<Server, 'port'>,
): Promise<Haproxy | undefined> {
  await withClient(primary.url('postgres'), (client) => client.query('create role haproxy login'));
  return start('haproxy.cfg', [primary, standby]);
}

/** Starts HAProxy as the guide configures it before Patroni, of whose nodes one is the primary. */
export async function startHaproxyForPatroni(
  nodes: readonly (Server & { readonly restPort: number })[],
): Promise<Haproxy | undefined> {
  return start('haproxy-patroni.cfg', nodes);
}

async function start(
  name: string,
  servers: readonly (Partial<Server> & { readonly port: number; readonly restPort?: number })[],
): Promise<Haproxy | undefined> {
  const program = findProgram('haproxy');
  const url = servers[0]?.url?.('postgres');
  if (program === undefined || url === undefined) return undefined;
  const folder = await folderOf('haproxy', undefined);
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  const guide = await readFile(new URL(name, FOLDER), 'utf8');
  const config = servers.reduce(
    (text, server, index) =>
      text.replace(
        new RegExp(`10\\.0\\.0\\.${index + 1}:5432(?: port 8008)?$`, 'm'),
        `127.0.0.1:${server.port}${server.restPort ? ` port ${server.restPort}` : ''}`,
      ),
    guide.replace('127.0.0.1:5000', `127.0.0.1:${port}`),
  );
  await writeFile(file, config);
  const through = (address: string) => Object.assign(new URL(address), { port }).href;
  const daemon = await startDaemon(program, ['-db', '-f', file], {
    ...{ folder, port, account: undefined },
    // It treats all servers as healthy until a check has failed: wait until none leads to a standby.
    answers: async () => {
      for (let i = 0; i < 2 * servers.length; i++) await leadsToPrimary(through(url));
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
