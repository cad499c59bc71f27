import { setTimeout as pause } from 'node:timers/promises';
import type { KeyStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { actor, type Service, serviceOver } from '../operations.ts';
import { startWorker, type Worker } from '../worker.ts';
import { Receiver } from './receiver.ts';

const DELIVERER = new URL('./deliverer.ts', import.meta.url).href;
const DELIVERERS = 3;
const WRITERS = 16;
const TRANSACTIONS = 4;
const KILLS = 5;
/** Batches from one kill to the next. */
const EVERY = 7;

/** What the receiver of killed deliverers got. */
export interface DeliveryAftermath {
  /** Events in the store, and events that arrived, repeated ones too. */
  readonly written: number;
  readonly arrived: number;
  readonly kills: number;
  /** Transactions that committed after events of others that began later had arrived. */
  readonly late: number;
  readonly faults: readonly string[];
}

/**
 * Has 16 writers commit, half of them in slow transactions of the application of which some roll back,
 * while deliverers are killed before the receiver has a batch and before it says that it has.
 */
export async function deliverKilled(address: string): Promise<DeliveryAftermath> {
  const pool = new pg.Pool({ connectionString: address, max: WRITERS + 4 });
  const store = postgresStore(pool);
  await store.migrate();
  const keys = serviceOver(store, 60_000);
  const workers = new Map<number, Worker>();
  const starting = new Set<Promise<void>>();
  const start = (url: string) => {
    const started = startWorker(DELIVERER, [address, url]).then((worker) => {
      workers.set(worker.pid, worker);
    });
    starting.add(started);
  };
  let url = '';
  const receiver = new Receiver(EVERY, KILLS, (pid) => {
    workers.delete(pid);
    start(url);
  });
  url = await receiver.listen();
  try {
    for (let i = 0; i < DELIVERERS; i++) start(url);
    await Promise.all(starting);
    const late = await writeAll(keys, pool, receiver);
    const written = await untilReceived(store, receiver);
    await Promise.all(starting);
    return {
      ...{ written, late, arrived: receiver.count, kills: receiver.kills },
      faults: await faultsOf(store, receiver),
    };
  } finally {
    for (const worker of workers.values()) await worker.end('SIGKILL');
    receiver.close();
    await keys.close();
    await pool.end();
  }
}

/** @returns how many transactions committed late */
async function writeAll(keys: Service, pool: pg.Pool, receiver: Receiver): Promise<number> {
  let fast = WRITERS / 2;
  let unbegun = WRITERS / 2;
  const allBegun = Promise.withResolvers<void>();
  let late = 0;
  const create = (owner: string, transaction?: pg.PoolClient) =>
    keys.create({
      ...{ name: 'key', owner, environment: 'live', actor },
      ...(transaction && { transaction }),
    });
  /** Commits once later events have arrived. For its first transaction there are always some. */
  async function writeSlowly(owner: string): Promise<void> {
    for (let n = 0; n < TRANSACTIONS; n++) {
      const client = await pool.connect();
      await client.query('begin');
      await create(owner, client);
      await create(owner, client);
      const before = receiver.count;
      if (n === 0 && --unbegun === 0) allBegun.resolve();
      while ((n === 0 || fast > 0) && receiver.count < before + 6) await pause(5);
      if (receiver.count >= before + 6) late++;
      await client.query(n % TRANSACTIONS === 1 ? 'rollback' : 'commit');
      client.release();
    }
  }
  /** Writes half of its events after every slow writer has begun, so that each commits late once. */
  async function writeFast(owner: string): Promise<void> {
    for (let n = 0; n < 2 * TRANSACTIONS; n++) {
      if (n === TRANSACTIONS) await allBegun.promise;
      await create(owner);
      await pause(20);
    }
    fast--;
  }
  const writers = Array.from({ length: WRITERS }, (_, i) =>
    i % 2 === 0 ? writeSlowly(`org_${i}`) : writeFast(`org_${i}`),
  );
  await Promise.all(writers);
  return late;
}

const OWNERS = Array.from({ length: WRITERS }, (_, i) => `org_${i}`);

/** Waits until every owner's newest event has arrived; what is missing then is missing for ever. */
async function untilReceived(store: KeyStore, { received }: Receiver): Promise<number> {
  let written = 0;
  for (const owner of OWNERS) {
    const { sequence, digest } = await store.head(owner);
    written += sequence;
    while (!received.get(owner)?.some(({ id }) => id === digest)) await pause(20);
  }
  return written;
}

async function faultsOf(store: KeyStore, { received }: Receiver): Promise<string[]> {
  const faults: string[] = [];
  for (const owner of OWNERS) {
    const expected = await store.readChain(owner, 0, 1000);
    let newest = 0;
    for (const event of received.get(owner) ?? []) {
      const { sequence } = event;
      if (sequence > newest + 1) faults.push(`${owner}: ${sequence} arrived after ${newest}`);
      newest = Math.max(newest, sequence);
      if (JSON.stringify(expected[sequence - 1]) !== JSON.stringify(event)) {
        faults.push(`${owner}: ${sequence} is not the event of the store`);
      }
    }
    if (newest !== expected.length)
      faults.push(`${owner}: ${newest} of ${expected.length} arrived`);
  }
  return faults;
}
