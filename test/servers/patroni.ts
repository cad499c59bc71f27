import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf, type Daemon, findProgram, folderOf, freePort, startDaemon } from './daemon.ts';
import { POSTGRES_FOLDERS, withClient } from './postgres.ts';
import { childrenOf, signalAll } from './processes.ts';

/** A PostgreSQL server and the Patroni that runs it. */
export interface PatroniNode {
  readonly port: number;
  /** The port of Patroni's REST API. */
  readonly restPort: number;
  /** The address of a database. */
  url(database: string): string;
  /** Whether Patroni says that this node is the primary. */
  isPrimary(): Promise<boolean>;
  /** Sends a signal to all processes of the server, and to Patroni too unless `serverOnly`. */
  signal(signal: NodeJS.Signals, which?: 'serverOnly'): void;
  /** Kills all of them at once, as where the machine goes down, and removes their folder. */
  kill(): Promise<void>;
}

export interface PatroniCluster {
  readonly nodes: readonly PatroniNode[];
  /** The node that is the primary, once there is one. */
  primary(): Promise<PatroniNode>;
  stop(): Promise<void>;
}

/** As long as Patroni's leader lock lasts, in seconds: 20 is the shortest that it takes. */
const TTL_S = 20;
const WAIT_MS = 100;
/** States of a server; Patroni 3.0 does not tell the second one from the first. */
const READY = new Set(['running', 'streaming']);

/** A node as the REST API describes it. */
interface Member {
  readonly role: string;
  readonly state: string;
}

/**
 * PostgreSQL servers under Patroni with one etcd, of which one synchronous standby confirms commits;
 * `undefined` where Patroni, etcd or PostgreSQL is not installed.
 */
export async function startPatroni(count: number): Promise<PatroniCluster | undefined> {
  const [program, etcd] = [findProgram('patroni'), findProgram('etcd')];
  if (program === undefined || etcd === undefined) return undefined;
  if (findProgram('postgres', POSTGRES_FOLDERS) === undefined) return undefined;
  const resources = new AsyncDisposableStack();
  try {
    const registry = await startEtcd(etcd);
    resources.defer(() => registry.stop('SIGKILL'));
    const nodes: PatroniNode[] = [];
    const primary = () => until(() => findAsync(nodes, (node) => node.isPrimary()));
    for (let i = 0; i < count; i++) {
      const node = await startNode(program, `node${i}`, registry.port);
      resources.defer(() => node.kill());
      nodes.push(node);
      await primary(); // the first one makes the data that the others copy
    }
    await until(async () => {
      const answer = await get((await primary()).restPort, 'cluster');
      const { members } = ((await answer?.json()) ?? { members: [] }) as { members: Member[] };
      const roles = members.filter(({ state }) => READY.has(state)).map(({ role }) => role);
      return roles.length === count && roles.includes('sync_standby') ? true : undefined;
    });
    return { nodes, primary, stop: () => resources.disposeAsync() };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

async function startEtcd(program: string): Promise<Daemon> {
  const account = accountOf('postgres');
  const folder = await folderOf('etcd', account);
  const [port, peer] = [await freePort(), await freePort()];
  const [client, peers] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peer}`];
  const args = [
    ...['--name=etcd', `--data-dir=${join(folder, 'data')}`],
    ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`],
    `--initial-cluster=etcd=${peers}`,
  ];
  return startDaemon(program, args, {
    ...{ folder, port, account },
    async answers() {
      if (!(await fetch(`${client}/health`)).ok) throw new Error('etcd has no leader yet');
    },
  });
}

async function startNode(program: string, name: string, etcd: number): Promise<PatroniNode> {
  const account = accountOf('postgres');
  const folder = await folderOf(`patroni-${name}`, account);
  const data = join(folder, 'data');
  const [port, restPort] = [await freePort(), await freePort()];
  const [server, rest] = [`127.0.0.1:${port}`, `127.0.0.1:${restPort}`];
  const config = {
    ...{ scope: 'keywright', name },
    restapi: { listen: rest, connect_address: rest },
    etcd3: { host: `127.0.0.1:${etcd}` },
    bootstrap: {
      dcs: { ttl: TTL_S, loop_wait: 2, retry_timeout: 5, synchronous_mode: true },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }],
    },
    postgresql: {
      ...{ listen: server, connect_address: server, data_dir: data },
      bin_dir: POSTGRES_FOLDERS[0],
      pgpass: join(folder, 'pgpass'),
      authentication: {
        superuser: { username: 'keywright' },
        replication: { username: 'replica' },
      },
      pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust'].concat(
        'host replication all 127.0.0.1/32 trust',
      ),
      parameters: { unix_socket_directories: folder, max_connections: 200 },
    },
  };
  const file = join(folder, 'patroni.yml');
  await writeFile(file, JSON.stringify(config), { mode: 0o644 }); // JSON is YAML
  const url = (database: string) => `postgres://keywright@127.0.0.1:${port}/${database}`;
  const daemon = await startDaemon(program, [file], {
    ...{ folder, port, account },
    answers: () => withClient(url('postgres'), (client) => client.query('select 1')),
  });
  const processes = () => [daemon.pid, ...serverProcesses(data)];
  return {
    ...{ port, restPort, url },
    isPrimary: async () => (await get(restPort, 'primary'))?.ok ?? false,
    signal: (signal, which) =>
      signalAll(which === 'serverOnly' ? serverProcesses(data) : processes(), signal),
    async kill() {
      const all = processes();
      const stopped = daemon.stop('SIGKILL'); // Patroni first: it would start the server again
      signalAll(all, 'SIGKILL');
      await stopped;
    },
  };
}

/** The processes of the server on a data folder, which are no children of Patroni. */
function serverProcesses(data: string): number[] {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return [pid, ...childrenOf(pid)];
  } catch {
    return []; // it is down
  }
}

async function get(port: number, path: string): Promise<Response | undefined> {
  const options = { signal: AbortSignal.timeout(2000), headers: { connection: 'close' } };
  return await fetch(`http://127.0.0.1:${port}/${path}`, options).catch(() => undefined);
}

async function findAsync<Item>(items: readonly Item[], test: (item: Item) => Promise<boolean>) {
  for (const item of items) if (await test(item)) return item;
  return undefined;
}

async function until<Found>(find: () => Promise<Found | undefined>): Promise<Found> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
