import { rm } from 'node:fs/promises';
import { createClient } from 'redis';
import { folderOf, freePort } from './daemon.ts';
import { type RedisOptions, type RedisServer, redisProgram, startRedis } from './redis.ts';

const SLOTS = 16_384;

export interface RedisCluster {
  /** The owners of the slots in thirds, each with its replica at the same place of `replicas`. */
  readonly primaries: readonly RedisServer[];
  readonly replicas: readonly RedisServer[];
  readonly urls: readonly string[];
  /** Where a key belongs. */
  placeOf(key: string): Promise<SlotPlace>;
  /** Starts a node again that was killed, with its data and its place in the cluster. */
  restart(node: RedisServer): Promise<void>;
  stop(): Promise<void>;
}

/** A slot and the nodes that matter to it. */
interface SlotPlace {
  readonly slot: string;
  readonly owner: RedisServer;
  /** The replica of the owner. */
  readonly follower: RedisServer;
  /** Another primary. */
  readonly other: RedisServer;
}

/** A command to one server, on a connection of its own. */
export async function commandTo(
  server: Pick<RedisServer, 'url'>,
  ...args: string[]
): Promise<unknown> {
  const client = createClient({ url: server.url, socket: { reconnectStrategy: false } });
  client.on('error', () => {}); // what is asked rejects all the same
  await client.connect();
  return client.sendCommand(args).finally(() => client.destroy());
}

/**
 * Three primaries with a replica each on the loopback interface; `undefined` without Redis.
 *
 * @param further settings of each node
 */
export async function startRedisCluster(
  further: readonly string[] = [],
): Promise<RedisCluster | undefined> {
  if (redisProgram() === undefined) return undefined;
  const servers: RedisServer[] = [];
  const buses: string[] = [];
  const options: RedisOptions[] = [];
  const folders: string[] = [];
  const restarted: RedisServer[] = [];
  for (let i = 0; i < 6; i++) {
    const bus = String(await freePort());
    const settings = [
      ...further,
      ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
      ...['--cluster-port', bus, '--cluster-node-timeout', '3000'],
      ...['--repl-diskless-sync-delay', '0', '--enable-debug-command', 'yes'],
    ];
    const data = await folderOf('redis-node', undefined);
    const server = await startRedis({ settings, data });
    folders.push(data);
    options.push({ settings, data });
    if (server !== undefined) servers.push(server);
    buses.push(bus);
  }
  const [primaries, replicas] = [servers.slice(0, 3), servers.slice(3)];
  const [first] = primaries as [RedisServer];
  for (const [i, server] of servers.entries()) {
    await commandTo(server, 'CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
    const address = ['127.0.0.1', String(server.port), buses[i] ?? ''];
    if (i > 0) await commandTo(first, 'CLUSTER', 'MEET', ...address);
  }
  const third = Math.ceil(SLOTS / 3);
  for (const [i, server] of primaries.entries()) {
    const range = [i * third, Math.min((i + 1) * third, SLOTS) - 1].map(String);
    await commandTo(server, 'CLUSTER', 'ADDSLOTSRANGE', ...range);
  }
  for (const server of servers) {
    await until(server, ['CLUSTER', 'NODES'], (text) => text.trim().split('\n').length === 6);
  }
  for (const [i, server] of replicas.entries()) {
    const id = await commandTo(primaries[i] as RedisServer, 'CLUSTER', 'MYID');
    await commandTo(server, 'CLUSTER', 'REPLICATE', String(id));
  }
  for (const server of servers) {
    await until(server, ['CLUSTER', 'INFO'], (text) => text.includes('cluster_state:ok'));
  }
  for (const server of primaries) {
    await until(server, ['INFO', 'replication'], (text) => text.includes('state=online'));
  }
  for (const server of servers) {
    await until(server, ['CLUSTER', 'NODES'], (text) => text.match(/\bslave /g)?.length === 3);
  }
  return {
    primaries,
    replicas,
    urls: servers.map(({ url }) => url),
    async placeOf(key) {
      const slot = String(await commandTo(first, 'CLUSTER', 'KEYSLOT', key));
      const index = Math.floor(Number(slot) / third);
      const [owner, other] = [primaries[index], primaries[(index + 1) % 3]];
      return { slot, owner, follower: replicas[index], other } as SlotPlace;
    },
    async restart({ port }) {
      const place = servers.findIndex((server) => server.port === port);
      const again = await startRedis({ ...options[place], port });
      if (again !== undefined) restarted.push(again);
    },
    async stop() {
      const running = [...servers, ...restarted];
      await Promise.all(running.map((server) => server.stop('SIGKILL')));
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function until(server: RedisServer, command: string[], isDone: (text: string) => boolean) {
  while (!isDone(String(await commandTo(server, ...command)))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
