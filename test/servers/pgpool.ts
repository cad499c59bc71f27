import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, type Daemon, findProgram, folderOf, freePort, startDaemon } from './daemon.ts';
import { type PostgresServer, withClient } from './postgres.ts';

/** Starts pgpool-II before servers, the first of which is the primary; it balances reads over all. */
export async function startPgpool(
  servers: readonly Pick<PostgresServer, 'port' | 'url'>[],
  balances = true,
): Promise<(Daemon & { through(url: string): string }) | undefined> {
  const program = findProgram('pgpool');
  const [primary] = servers;
  if (program === undefined || primary === undefined) return undefined;
  const account = accountOf('postgres');
  const folder = await folderOf('pgpool', account);
  const [port, pcp] = [await freePort(), await freePort()];
  const file = join(folder, 'pgpool.conf');
  const backends = servers.flatMap((server, index) => [
    `backend_hostname${index} = '127.0.0.1'`,
    `backend_port${index} = ${server.port}`,
    `backend_weight${index} = 1`,
    `backend_flag${index} = 'DISALLOW_TO_FAILOVER'`,
  ]);
  const lines = [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    `pcp_port = ${pcp}`,
    `socket_dir = '${folder}'`,
    `pcp_socket_dir = '${folder}'`,
    `pid_file_name = '${join(folder, 'pid')}'`,
    `logdir = '${folder}'`,
    "backend_clustering_mode = 'streaming_replication'",
    "sr_check_user = 'keywright'",
    'sr_check_period = 1',
    'num_init_children = 40',
    `load_balance_mode = ${balances ? 'on' : 'off'}`,
    ...backends,
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  const through = (url: string) => Object.assign(new URL(url), { port }).href;
  const daemon = await startDaemon(
    program,
    ['-n', '-f', file, '-F', join(folder, 'pcp.conf'), '-a', join(folder, 'hba')],
    {
      ...{ folder, port, account },
      answers: () =>
        withClient(through(primary.url('postgres')), (client) => client.query('select 1')),
    },
  );
  return { ...daemon, through };
}
