import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { primaryPool } from '../../docs/examples/failover/primary-pool.ts';
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

export const figures = [
  faultRun(
    'postgres.synchronous.promotion',
    { engine, fault: 'SIGKILL of the primary, promotion' },
    promotion,
  ),
  conformance('postgres.synchronous.conformance', engine, async (resources) => {
    const { pool, stores } = await openPair(resources);
    return [
      () => ({ store: stores.writer, other: stores.reader }),
      { hold: true, transact: (_opened, work) => inTransaction(pool, work) },
    ];
  }),
];
