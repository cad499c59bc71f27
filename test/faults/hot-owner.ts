import { setTimeout as pause } from 'node:timers/promises';
import type { KeyStore } from 'keywright';
import pg from 'pg';
import { atLeast, atMost, exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { startPostgres } from '../servers/postgres.ts';
import { startTcpProxy } from '../servers/tcp-proxy.ts';
import { present } from './engines.ts';
import { faultOf } from './holdings.ts';
import type { Done, Shift } from './hot-owner/changer.ts';
import { openStore } from './open-store.ts';
import { actor, type Service, serviceOver } from './operations.ts';
import { scaled } from './scale.ts';
import { startWorker } from './worker.ts';

const OWNER = 'org_hot';
const CHANGER = new URL('./hot-owner/changer.ts', import.meta.url).href;

interface Place {
  readonly address: string;
  readonly port: number;
  readonly store: KeyStore;
  readonly keys: Service;
}

async function withPostgres<Result>(work: (place: Place) => Promise<Result>): Promise<Result> {
  const server = present(await startPostgres({ durable: true }), 'postgres');
  try {
    const address = await server.database();
    const { store, migrate, close } = await openStore(address);
    await migrate();
    const keys = serviceOver(store);
    try {
      return await work({ address, port: server.port, store, keys });
    } finally {
      await keys.close();
      await close();
    }
  } finally {
    await server.stop();
  }
}

/** Runs processes that change the owner's keys, and gives what came of all of them. */
async function changeFrom(count: number, address: string, shift: Shift): Promise<Done> {
  const workers = await Promise.all(
    Array.from({ length: count }, () => startWorker(CHANGER, [address])),
  );
  try {
    const all = (await Promise.all(workers.map((worker) => worker.ask(shift)))) as Done[];
    return {
      times: all.flatMap(({ times }) => times),
      failures: all.flatMap(({ failures }) => failures),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
  }
}

const PROCESSES = 8;
const AT_ONCE = 16;
const FLUSHED_KEYS = 500;

interface HotRun extends Done {
  readonly forMs: number;
  readonly deadlocks: number;
  readonly fault: string | undefined;
}

/** Eight processes of 16 in flight on one owner for a minute, beside flushes of use. */
function runHotOwner(): Promise<HotRun> {
  return withPostgres(async ({ address, store, keys }) => {
    const forMs = scaled(60_000);
    const made = Array.from({ length: FLUSHED_KEYS }, () =>
      keys.create({ name: 'key', owner: OWNER, environment: 'live', actor }),
    );
    const ids = (await Promise.all(made)).map(({ record }) => record.id);
    let isOver = false;
    const flushes = (async () => {
      while (!isOver) {
        const now = Date.now();
        await store.recordUsage(new Map(ids.map((id) => [id, now])));
        await pause(50);
      }
    })();
    const shift = { owner: OWNER, forMs, atOnce: AT_ONCE, spacingMs: 0 };
    const done = await changeFrom(PROCESSES, address, shift);
    isOver = true;
    await flushes;
    const deadlocks = await readDeadlocks(address);
    return { ...done, forMs, deadlocks, fault: await faultOf({ keys, store }, OWNER) };
  });
}

async function readDeadlocks(address: string): Promise<number> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    const { rows } = await client.query(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return Number((rows[0] as { readonly deadlocks: unknown }).deadlocks);
  } finally {
    await client.end();
  }
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function noteOf({ times, failures }: Done): string {
  const [p50, p99, slowest] = [0.5, 0.99, 1].map((share) => percentile(times, share).toFixed(0));
  const failed = failures.length === 0 ? '' : `; ${failures.length} failed, as ${failures[0]}`;
  return `${times.length} changes, p50 ${p50} ms, p99 ${p99}, slowest ${slowest}${failed}`;
}

/** Deadlocks, and a chain or keys that tell another story. */
function faultsIn({ deadlocks, fault }: HotRun): number {
  return deadlocks + (fault === undefined ? 0 : 1);
}

const KEYS = 10_000;
const BESIDE_PROCESSES = 2;
const BESIDE_EACH_MS = 40;

interface BulkRun {
  readonly revokedAllMs: number;
  readonly beside: Done;
}

/** `revokeAll` of 10,000 keys while two processes make 50 changes a second of the same owner. */
function runRevokeAll(roundTripMs: number): Promise<BulkRun> {
  return withPostgres(async ({ address, port, store }) => {
    const count = scaled(KEYS);
    await addKeys(store, count);
    const proxy = await startTcpProxy(port, { roundTripMs });
    const far = new URL(address);
    if (roundTripMs > 0) far.port = String(proxy.port);
    const own = await openStore(far.href);
    const keys = serviceOver(own.store);
    try {
      const shift = { owner: OWNER, forMs: 8000, atOnce: 1, spacingMs: BESIDE_EACH_MS };
      const beside = changeFrom(BESIDE_PROCESSES, address, shift);
      await untilChanged(store);
      const begun = performance.now();
      const { revoked } = await keys.revokeAll({ owner: OWNER, actor });
      const revokedAllMs = performance.now() - begun;
      if (revoked < count) throw new Error(`${revoked} keys were revoked`);
      return { revokedAllMs, beside: await beside };
    } finally {
      await keys.close();
      await own.close();
      await proxy.close();
    }
  });
}

/** Adds keys with no event: only their number counts. */
async function addKeys(store: KeyStore, count: number): Promise<void> {
  const added = Array.from({ length: count }, (_, i) => ({
    id: `key_${i}`,
    digest: String(i).padStart(64, '0'),
    owner: OWNER,
    environment: 'live',
    name: `key ${i}`,
    hint: '',
    scopes: [],
    metadata: {},
    enabled: true,
    createdAt: Date.now(),
    createdBy: actor,
  }));
  const none = { events: [], changed: [], erased: [], purged: [] };
  const head = await store.head(OWNER);
  const { status } = await store.commit({ owner: OWNER, head, added, ...none });
  if (status !== 'committed') throw new Error(`the keys were not added: ${status}`);
}

/** Until the processes beside are at work. */
async function untilChanged(store: KeyStore): Promise<void> {
  const { sequence } = await store.head(OWNER);
  while ((await store.head(OWNER)).sequence < sequence + 10) await pause(20);
}

async function measureHot(value: (run: HotRun) => number): Promise<Measurement> {
  const run = await runHotOwner();
  const { deadlocks, fault = 'the chain holds' } = run;
  return { value: value(run), note: `${noteOf(run)}; ${deadlocks} deadlocks; ${fault}` };
}

async function measureBulk(
  roundTripMs: number,
  value: (run: BulkRun) => number,
): Promise<Measurement> {
  const run = await runRevokeAll(roundTripMs);
  return { value: value(run), note: `beside it ${noteOf(run.beside)}` };
}

const HOT = 'one owner, 8 processes of 16 in flight on PostgreSQL, a minute beside flushes of use';
const BULK = 'revokeAll of 10,000 keys beside 50 changes a second of the same owner';

export const figures: readonly Figure[] = [
  {
    id: 'hot-owner.rate',
    title: `${HOT}: changes`,
    unit: ' a second',
    bar: atLeast(350),
    measure: () => measureHot(({ times, forMs }) => (1000 * times.length) / forMs),
  },
  {
    id: 'hot-owner.p99',
    title: `${HOT}: 99 of 100 take at most`,
    unit: ' ms',
    bar: atMost(60),
    measure: () => measureHot(({ times }) => percentile(times, 0.99)),
  },
  {
    id: 'hot-owner.faults',
    title: `${HOT}: deadlocks, and a chain that does not hold`,
    unit: '',
    bar: exactly(0),
    measure: () => measureHot(faultsIn),
  },
  {
    id: 'hot-owner.revoke-all.time',
    title: BULK,
    unit: ' ms',
    bar: atMost(1000),
    measure: () => measureBulk(0, ({ revokedAllMs }) => revokedAllMs),
  },
  {
    id: 'hot-owner.revoke-all.beside',
    title: `${BULK}: the slowest of these`,
    unit: ' ms',
    bar: atMost(1000),
    measure: () => measureBulk(0, ({ beside }) => percentile(beside.times, 1)),
  },
  {
    id: 'hot-owner.revoke-all.far',
    title: `${BULK}, behind 150 ms`,
    unit: ' ms',
    bar: atMost(3500),
    measure: () => measureBulk(150, ({ revokedAllMs }) => revokedAllMs),
  },
];
