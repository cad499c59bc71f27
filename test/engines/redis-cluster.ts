import { Cluster } from 'ioredis';
import { redisStore } from 'keywright/redis';
import { atLeast } from '../bench/figure.ts';
import { present } from '../faults/engines.ts';
import { commandTo, startRedisCluster } from '../servers/redis-cluster.ts';
import { check, type UnderFault } from './checker.ts';
import { untilInfo } from './redis-info.ts';
import { conformance, faultRun } from './setup.ts';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
/** Changes, made or not, that a paused owner or a cut-off replica misses before it is continued. */
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

/** The replica gets nothing of what `changes` waits for, and then replaces the owner. */
async function cutOff(
  opened: Opened,
  under: UnderFault,
  changes: () => Promise<void>,
  fault: (opened: Opened, under: UnderFault) => Promise<void>,
): Promise<void> {
  const { owner, follower } = opened;
  process.kill(follower.pid, 'SIGSTOP'); // it must not connect again
  await commandTo(owner, 'CLIENT', 'KILL', 'TYPE', 'replica');
  await changes();
  const over = fault(opened, under);
  process.kill(follower.pid, 'SIGCONT');
  await over;
}

/** What the owner acknowledges after the cut must be lost. */
const losing = (fault: typeof pause) => (opened: Opened, under: UnderFault) =>
  cutOff(opened, under, () => under.keysStay(1), fault);

const engine = 'Redis Cluster, replicas: 1';
const unconfirmed = 'Redis Cluster, without replicas';
const killed = 'SIGKILL of the owner, restarted after the failover';
const paused = 'owner paused, replaced and continued';
const mustFail = { isNightly: true, bar: atLeast(1) };
const cut = ', its replica cut off';

export const figures = [
  faultRun('redis.cluster.killed', { engine, fault: killed }, () => run(1, crash)),
  faultRun('redis.cluster.paused', { engine, fault: paused }, () => run(1, pause)),
  faultRun('redis.cluster.cut', { engine, fault: killed + cut, isNightly: true }, () =>
    run(1, (opened, under) => cutOff(opened, under, () => under.changesEnd(MISSED), crash)),
  ),
  // That the checker finds what must be lost here is what its zeros elsewhere rest on.
  faultRun(
    'redis.cluster.unconfirmed.killed',
    { engine: unconfirmed, fault: killed + cut, ...mustFail },
    () => run(0, losing(crash)),
  ),
  faultRun(
    'redis.cluster.unconfirmed.paused',
    { engine: unconfirmed, fault: paused + cut, ...mustFail },
    () => run(0, losing(pause)),
  ),
  conformance('redis.cluster.conformance', engine, async (resources) => {
    const { stores } = await openCluster(resources, 1);
    return [() => ({ store: stores.writer, other: stores.reader }), { hold: true }];
  }),
];
