import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { primaryPool } from '../../docs/examples/failover/primary-pool.ts';
import { atLeast } from '../bench/figure.ts';
import { present } from '../faults/engines.ts';
import { startHaproxyForPatroni } from '../servers/haproxy.ts';
import { type PatroniCluster, type PatroniNode, startPatroni } from '../servers/patroni.ts';
import { check, type UnderFault } from './checker.ts';
import { faultRun } from './setup.ts';

const NODES = 3;
/** Changes, made or not, that a paused primary misses before it is continued. */
const MISSED = 8;

type Fault = (cluster: PatroniCluster, old: PatroniNode, under: UnderFault) => Promise<void>;

/** Opens the pool of a service. */
type Front = (cluster: PatroniCluster, resources: AsyncDisposableStack) => Promise<Pool>;
type Pool = Pick<pg.Pool, 'end'> & { connect(): Promise<pg.PoolClient> };

const poolOverAll: Front = async ({ nodes }) => {
  return primaryPool({ servers: nodes.map((node) => node.url('postgres')) });
};

const haproxy: Front = async ({ nodes, primary }, resources) => {
  const proxy = present(await startHaproxyForPatroni(nodes), 'HAProxy');
  resources.defer(() => proxy.stop('SIGKILL'));
  return poolOf(proxy.through((await primary()).url('postgres')));
};

/** A pool that stays with the node that is the primary now. */
const pinned: Front = async ({ primary }) => poolOf((await primary()).url('postgres'));

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 2000 });
  pool.on('error', () => {});
  return pool;
}

async function run(front: Front, fault: Fault, readerFront = front) {
  await using resources = new AsyncDisposableStack();
  const cluster = present(await startPatroni(NODES), 'Patroni');
  resources.defer(() => cluster.stop());
  const storeBehind = async (through: Front) => {
    const pool = await through(cluster, resources);
    resources.defer(() => pool.end());
    return postgresStore(pool);
  };
  const writer = await storeBehind(front);
  const reader = await storeBehind(readerFront);
  await writer.migrate();
  const old = await cluster.primary();
  return await check({ writer, reader, fault: (under) => fault(cluster, old, under) });
}

const crash: Fault = async (cluster, old) => {
  await old.kill();
  await cluster.primary();
};

const pause: Fault = async (cluster, old, { changesEnd }) => {
  old.signal('SIGSTOP');
  await cluster.primary();
  await changesEnd(MISSED);
  old.signal('SIGCONT');
};

/** Patroni of the old primary demotes it only after a client has read on it what is revoked. */
const stay: Fault = async (cluster, old, { olderKeysRevoked, acceptsFound }) => {
  old.signal('SIGSTOP');
  await cluster.primary();
  await olderKeysRevoked(1);
  old.signal('SIGCONT', 'serverOnly');
  await acceptsFound(1);
  old.signal('SIGCONT');
};

const engine = `PostgreSQL, Patroni with ${NODES} nodes`;
const pooled = { engine: `${engine}, pool over all`, isNightly: true };
const proxied = { engine: `${engine}, HAProxy`, isNightly: true };
const stuck = { engine: `${engine}, a client on the old primary`, isNightly: true };
const killed = "SIGKILL of the primary's PostgreSQL and Patroni";
const paused = 'primary paused, replaced and continued';

export const figures = [
  faultRun('patroni.killed', { ...pooled, fault: killed }, () => run(poolOverAll, crash)),
  faultRun('patroni.paused', { ...pooled, fault: paused }, () => run(poolOverAll, pause)),
  faultRun('patroni.haproxy.killed', { ...proxied, fault: killed }, () => run(haproxy, crash)),
  faultRun('patroni.haproxy.paused', { ...proxied, fault: paused }, () => run(haproxy, pause)),
  // That the checker finds what must be accepted here is what its zeros above rest on.
  faultRun('patroni.pinned.paused', { ...stuck, fault: paused, bar: atLeast(1) }, () =>
    run(poolOverAll, stay, pinned),
  ),
];
