import { Cluster } from 'ioredis';
import { redisStore } from 'keywright/redis';
import { present } from '../faults/engines.ts';
import { startRedisCluster } from '../servers/redis-cluster.ts';
import { check, type UnderFault } from './checker.ts';
import { untilInfo } from './redis-info.ts';
import { conformance, faultRun } from './setup.ts';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
/** Changes, made or not, that a paused owner misses before it is continued. */
const MISSED = 8;

/** Three primaries with a replica each, and stores of ioredis for two processes. */
async function openCluster(resources: AsyncDisposableStack, replicas: number) {
  const cluster = present(await startRedisCluster(DURABLE), 'Redis');
  resources.defer(() => cluster.stop());
  const { owner, follower } = await cluster.placeOf('{keywright}');
  const open = () => {
    const client = new Cluster([...cluster.urls], {
      slotsRefreshInterval: 500,
      redisOptions: { socketTimeout: 1000, maxRetriesPerRequest: 0 },
    });
    client.on('error', () => {});
    resources.defer(() => client.disconnect());
    return redisStore(client, { replicas });
  };
  return { cluster, owner, follower, stores: { writer: open(), reader: open() } };
}

type Opened = Awaited<ReturnType<typeof openCluster>>;

async function run(replicas: number, fault: (opened: Opened, under: UnderFault) => Promise<void>) {
  await using resources = new AsyncDisposableStack();
  const opened = await openCluster(resources, replicas);
  return await check({ ...opened.stores, fault: (under) => fault(opened, under) });
}

/** The owner of the slot is killed, and started again once it was replaced. */
async function crash({ cluster, owner, follower }: Opened): Promise<void> {
  await owner.stop('SIGKILL');
  await untilInfo(follower, 'replication', /role:master/);
  await cluster.restart(owner);
}

/** The owner is paused, as its machine can be, and continued once it was replaced. */
async function pause({ owner, follower }: Opened, { changesEnd }: UnderFault): Promise<void> {
  process.kill(owner.pid, 'SIGSTOP');
  await untilInfo(follower, 'replication', /role:master/);
  await changesEnd(MISSED);
  process.kill(owner.pid, 'SIGCONT');
}

const engine = 'Redis Cluster, replicas: 1';
const unconfirmed = 'Redis Cluster, without replicas';
const killed = 'SIGKILL of the owner, restarted after the failover';
const paused = 'owner paused, replaced and continued';
const nightly = { isNightly: true, bar: undefined };

export const figures = [
  faultRun('redis.cluster.killed', { engine, fault: killed }, () => run(1, crash)),
  faultRun('redis.cluster.paused', { engine, fault: paused }, () => run(1, pause)),
  faultRun(
    'redis.cluster.unconfirmed.killed',
    { engine: unconfirmed, fault: killed, ...nightly },
    () => run(0, crash),
  ),
  faultRun(
    'redis.cluster.unconfirmed.paused',
    { engine: unconfirmed, fault: paused, ...nightly },
    () => run(0, pause),
  ),
  conformance('redis.cluster.conformance', engine, async (resources) => {
    const { stores } = await openCluster(resources, 1);
    return [() => ({ store: stores.writer, other: stores.reader }), { hold: true }];
  }),
];
