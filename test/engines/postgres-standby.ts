import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { primaryPool } from '../../docs/examples/failover/primary-pool.ts';
import { atLeast } from '../bench/figure.ts';
import { inTransaction } from '../stores/sql/in-transaction.ts';
import { check } from './checker.ts';
import { synchronousPair } from './postgres-pair.ts';
import { conformance, faultRun } from './setup.ts';

const engine = 'PostgreSQL, synchronous standby, pool over both';

/** A pair, and two stores that follow its primary. */
async function openPair(resources: AsyncDisposableStack) {
  const pair = await synchronousPair(resources);
  const own = new pg.Pool({ connectionString: pair.url });
  await postgresStore(own).migrate();
  await own.end();
  const servers = [pair.url, pair.standbyUrl];
  const [pool, reading] = [primaryPool({ servers }), primaryPool({ servers })];
  for (const each of [pool, reading]) resources.defer(() => each.end());
  const stores = { writer: postgresStore(pool), reader: postgresStore(reading) };
  return { ...pair, pool, stores };
}

async function promotion() {
  await using resources = new AsyncDisposableStack();
  const { stores, primary, standby } = await openPair(resources);
  return await check({
    ...stores,
    async fault() {
      await primary.kill();
      standby.promote();
    },
  });
}

/** A client stays on a primary that is paused, replaced and continued. */
async function pinned() {
  await using resources = new AsyncDisposableStack();
  const { stores, primary, standby, url } = await openPair(resources);
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => {});
  resources.defer(() => pool.end());
  return await check({
    ...{ writer: stores.writer, reader: postgresStore(pool) },
    async fault({ olderKeysRevoked, acceptsFound }) {
      primary.signal('SIGSTOP');
      standby.promote();
      await olderKeysRevoked(1);
      primary.signal('SIGCONT');
      await acceptsFound(1);
      await primary.kill(); // what waits for its standby would wait for ever
    },
  });
}

export const figures = [
  faultRun(
    'postgres.synchronous.promotion',
    { engine, fault: 'SIGKILL of the primary, promotion' },
    promotion,
  ),
  // That the checker finds what must be accepted here is what its zeros elsewhere rest on.
  faultRun(
    'postgres.synchronous.pinned',
    {
      engine: 'PostgreSQL, synchronous standby, a client on the old primary',
      fault: 'primary paused, replaced and continued',
      ...{ bar: atLeast(1), isNightly: true },
    },
    pinned,
  ),
  conformance('postgres.synchronous.conformance', engine, async (resources) => {
    const { pool, stores } = await openPair(resources);
    return [
      () => ({ store: stores.writer, other: stores.reader }),
      { hold: true, transact: (_opened, work) => inTransaction(pool, work) },
    ];
  }),
];
