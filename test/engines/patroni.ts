import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { primaryPool } from '../../docs/examples/failover/primary-pool.ts';
import { present } from '../faults/engines.ts';
import { startHaproxyForPatroni } from '../servers/haproxy.ts';
import { type PatroniCluster, type PatroniNode, startPatroni } from '../servers/patroni.ts';
import { check, type UnderFault } from './checker.ts';
import { faultRun } from './setup.ts';

const NODES = 3;
/** Changes, made or not, that a paused primary misses before it is continued. */
const MISSED = 8;

type Fault = (cluster: PatroniCluster, old: PatroniNode, under: UnderFault) => Promise<void>;

/** Opens the pool of a service; it is ended with the rest. */
type Open = () => { connect(): Promise<pg.PoolClient>; end(): Promise<void> };
type Front = (cluster: PatroniCluster, resources: AsyncDisposableStack) => Promise<Open>;

const poolOverAll: Front = async ({ nodes }) => {
  const servers = nodes.map((node) => node.url('postgres'));
  return () => primaryPool({ servers });
};

const haproxy: Front = async ({ nodes, primary }, resources) => {
  const proxy = present(await startHaproxyForPatroni(nodes), 'HAProxy');
  resources.defer(() => proxy.stop('SIGKILL'));
  const connectionString = proxy.through((await primary()).url('postgres'));
  return () => {
    const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 2000 });
    pool.on('error', () => {});
    return pool;
  };
};

async function run(front: Front, fault: Fault) {
  await using resources = new AsyncDisposableStack();
  const cluster = present(await startPatroni(NODES), 'Patroni');
  resources.defer(() => cluster.stop());
  const open = await front(cluster, resources);
  const store = () => {
    const pool = open();
    resources.defer(() => pool.end());
    return postgresStore(pool);
  };
  const [writer, reader] = [store(), store()];
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

const engine = `PostgreSQL, Patroni with ${NODES} nodes`;
const pooled = { engine: `${engine}, pool over all`, isNightly: true };
const proxied = { engine: `${engine}, HAProxy`, isNightly: true };
const killed = "SIGKILL of the primary's PostgreSQL and Patroni";
const paused = 'primary paused, replaced and continued';

export const figures = [
  faultRun('patroni.killed', { ...pooled, fault: killed }, () => run(poolOverAll, crash)),
  faultRun('patroni.paused', { ...pooled, fault: paused }, () => run(poolOverAll, pause)),
  faultRun('patroni.haproxy.killed', { ...proxied, fault: killed }, () => run(haproxy, crash)),
  faultRun('patroni.haproxy.paused', { ...proxied, fault: paused }, () => run(haproxy, pause)),
];
