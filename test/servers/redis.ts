import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { type Daemon, findProgram, folderOf, freePort, startDaemon } from './daemon.ts';

export interface RedisServer extends Daemon {
  /** Such as `redis://127.0.0.1:34567`. */
  readonly url: string;
}

export interface RedisOptions {
  /** Where the data is, which then outlives the server. Default: a folder that goes with it. */
  readonly data?: string;
  /** Default: one that is free. */
  readonly port?: number;
  /** As on the command line. Default: nothing is written to disk. */
  readonly settings?: readonly string[];
}

/** Valkey stands in for Redis where it alone is installed. */
export function redisProgram(): string | undefined {
  return findProgram('redis-server') ?? findProgram('valkey-server');
}

/** Starts a server on the loopback interface; `undefined` where none is installed. */
export async function startRedis({
  data,
  port: wanted,
  settings = [],
}: RedisOptions = {}): Promise<RedisServer | undefined> {
  const program = redisProgram();
  if (program === undefined) return undefined;
  const folder = await folderOf('redis', undefined);
  const port = wanted ?? (await freePort());
  const url = `redis://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data ?? folder];
  const daemon = await startDaemon(program, [...args, '--save', '', ...settings], {
    ...{ folder, port, account: undefined },
    answers: () => answersAt(url),
  });
  return { ...daemon, url };
}

/**
 * Starts a sentinel that watches the server at `port` under the name `primary`.
 *
 * @param settings of `primary`, such as `down-after-milliseconds 1000`
 */
export async function startSentinel(
  port: number,
  settings: readonly string[] = [],
  quorum = 1,
): Promise<Daemon | undefined> {
  const program = redisProgram();
  if (program === undefined) return undefined;
  const folder = await folderOf('sentinel', undefined);
  const own = await freePort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    ...[`port ${own}`, 'bind 127.0.0.1', `sentinel monitor primary 127.0.0.1 ${port} ${quorum}`],
    ...settings.map((setting) => setting.replace(' ', ' primary ')).map((it) => `sentinel ${it}`),
  ];
  await writeFile(file, lines.join('\n')); // a sentinel keeps what it learns in its file
  return startDaemon(program, [file, '--sentinel'], {
    ...{ folder, port: own, account: undefined },
    answers: () => answersAt(`redis://127.0.0.1:${own}`),
  });
}

async function answersAt(url: string): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {}); // that it cannot connect yet is what `connect` rejects with
  await client.connect();
  await client.ping().finally(() => client.destroy());
}
