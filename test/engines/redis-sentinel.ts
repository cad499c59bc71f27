import { Redis } from 'ioredis';
import { redisStore } from 'keywright/redis';
import { sentinelClient } from '../../docs/examples/failover/sentinel-client.ts';
import { atLeast } from '../bench/figure.ts';
import { present } from '../faults/engines.ts';
import { mortalServer } from '../faults/restart/mortal-server.ts';
import { startSentinel } from '../servers/redis.ts';
import { startTcpProxy } from '../servers/tcp-proxy.ts';
import { check, type UnderFault } from './checker.ts';
import { untilInfo } from './redis-info.ts';
import { conformance, faultRun } from './setup.ts';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const SENTINELS = 3;
/** Changes, made or not, that a paused primary misses before it is continued. */
const MISSED = 8;
/** How far a slow replica is behind. */
const LAG_MS = 600;

interface Options {
  readonly replicas?: number;
  /** Whether the client that reads asks sentinels for failovers, and leaves a server that hangs. */
  readonly isDetecting?: boolean;
  readonly lagMs?: number;
  /** Milliseconds without an answer after which sentinels replace the primary. */
  readonly downAfterMs?: number;
}

/** A primary with a replica, three sentinels, and stores of ioredis for two processes. */
async function openSentinels(
  resources: AsyncDisposableStack,
  { replicas = 0, isDetecting = true, lagMs = 0, downAfterMs = 1000 }: Options = {},
) {
  const primary = resources.use(await mortalServer('redis', DURABLE));
  // All know the primary by the port of the link: sentinels would correct a replica that does not.
  const link = await startTcpProxy(primary.port, { roundTripMs: 2 * lagMs, only: /psync/i });
  resources.defer(() => link.close());
  const replica = resources.use(
    await mortalServer('redis', [...DURABLE, ...['--replicaof', `127.0.0.1 ${link.port}`]]),
  );
  await untilInfo(primary, 'replication', /state=online/);
  const settings = [`down-after-milliseconds ${downAfterMs}`, 'failover-timeout 5000'];
  const sentinels: { host: string; port: number }[] = [];
  for (let i = 0; i < SENTINELS; i++) {
    const sentinel = present(await startSentinel(link.port, settings, 2), 'Redis');
    resources.defer(() => sentinel.stop('SIGKILL'));
    sentinels.push({ host: '127.0.0.1', port: sentinel.port });
  }
  for (const { port } of sentinels) {
    await untilInfo({ port }, 'sentinel', /slaves=1,sentinels=3/);
  }
  const ready = (client: Redis) =>
    new Promise<Redis>((resolve) => client.once('ready', () => resolve(client)));
  const open = () => {
    const { client, close } = sentinelClient({
      ...{ sentinels, name: 'primary', socketTimeout: 1000 },
    });
    resources.defer(close);
    return ready(client);
  };
  /** A client that never learns of a failover, and that reaches the primary where sentinels do not. */
  const openUndetecting = () => {
    const natMap = { [`127.0.0.1:${link.port}`]: { host: '127.0.0.1', port: primary.port } };
    const client = new Redis({
      ...{ sentinels, name: 'primary', natMap },
      ...{ enableOfflineQueue: false, maxRetriesPerRequest: 0 },
    });
    client.on('error', () => {});
    resources.defer(() => client.disconnect());
    return ready(client);
  };
  const stores = {
    writer: redisStore(await open(), { replicas }),
    reader: redisStore(await (isDetecting ? open() : openUndetecting()), { replicas }),
  };
  return { primary, replica, link, stores };
}

type Opened = Awaited<ReturnType<typeof openSentinels>>;

async function run(options: Options, fault: (opened: Opened, under: UnderFault) => Promise<void>) {
  await using resources = new AsyncDisposableStack();
  const opened = await openSentinels(resources, options);
  return await check({ ...opened.stores, fault: (under) => fault(opened, under) });
}

/** The primary is killed, and started again once it was replaced. */
async function crash({ primary, replica, link }: Opened): Promise<void> {
  link.shut();
  await primary.kill();
  await untilInfo(replica, 'replication', /role:master/);
  await primary.start();
  link.open();
}

async function pause({ primary, replica }: Opened, { changesEnd }: UnderFault): Promise<void> {
  primary.signal('SIGSTOP');
  await untilInfo(replica, 'replication', /role:master/);
  await changesEnd(MISSED);
  primary.signal('SIGCONT');
}

/** The replica gets nothing of what the primary acknowledges before the fault: it must be lost. */
const losing = (fault: typeof pause) => async (opened: Opened, under: UnderFault) => {
  opened.link.isBlackHole = true;
  await under.keysStay(1);
  await fault(opened, under);
  opened.link.isBlackHole = false;
};

/** The sentinels reach the primary again only after a client has read on it what is revoked. */
async function partition(
  { primary, replica, link }: Opened,
  { olderKeysRevoked, acceptsFound }: UnderFault,
): Promise<void> {
  link.shut();
  primary.signal('SIGSTOP');
  await untilInfo(replica, 'replication', /role:master/);
  await olderKeysRevoked(1);
  primary.signal('SIGCONT');
  await acceptsFound(1);
  link.open();
}

const named = (what: string) => `Redis Sentinel, ${what}`;
const confirmed = named('replicas: 1');
const killed = 'SIGKILL of the primary, restarted after the failover';
const behind = `SIGKILL of the primary, its replica ${LAG_MS} ms behind`;
const paused = 'primary paused, replaced and continued';
const partitioned = 'primary paused, replaced and continued, out of reach of the sentinels';
const mustFail = { isNightly: true, bar: atLeast(1) };

export const figures = [
  faultRun('redis.sentinel.killed', { engine: confirmed, fault: killed }, () =>
    run({ replicas: 1 }, crash),
  ),
  faultRun('redis.sentinel.paused', { engine: confirmed, fault: paused }, () =>
    run({ replicas: 1 }, pause),
  ),
  faultRun('redis.sentinel.behind', { engine: confirmed, fault: behind, isNightly: true }, () =>
    run({ replicas: 1, lagMs: LAG_MS }, crash),
  ),
  // That the checker finds what must be lost or accepted here is what its zeros elsewhere rest on.
  faultRun(
    'redis.sentinel.unconfirmed.behind',
    { engine: named('without replicas'), fault: behind, ...mustFail },
    () => run({ lagMs: LAG_MS }, losing(crash)),
  ),
  faultRun(
    'redis.sentinel.unconfirmed.paused',
    { engine: named('without replicas'), fault: `${paused}, its replica cut off`, ...mustFail },
    () => run({}, losing(pause)),
  ),
  faultRun(
    'redis.sentinel.undetected.paused',
    { engine: named('no replicas, no failoverDetector'), fault: partitioned, ...mustFail },
    () => run({ isDetecting: false }, partition),
  ),
  conformance('redis.sentinel.conformance', confirmed, async (resources) => {
    const { stores } = await openSentinels(resources, { replicas: 1, downAfterMs: 60_000 });
    return [() => ({ store: stores.writer, other: stores.reader }), { hold: true }];
  }),
];
