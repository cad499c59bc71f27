import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { startPostgres } from '../servers/postgres.ts';
import { atLeast, type Figure, type Measurement } from './figure.ts';
import { makeKeys, quietService, VERIFIED_COLUMNS, verifyAgainst } from './store-rates.ts';

const KEYS = 3000;
const BATCH = 500;
const PAIRS = 40;

/** The statement of the store, as one who has no library would prepare it. */
const LOOK_UP = {
  name: 'bare',
  text: `select ${VERIFIED_COLUMNS} from keywright.keywright_keys where digest = $1`,
};

async function withPool(
  work: (pool: pg.Pool) => Promise<Measurement>,
  durable = false,
): Promise<Measurement> {
  const server = await startPostgres({ durable });
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const pool = new pg.Pool({ connectionString: await server.database(), max: 16 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
    await server.stop();
  }
}

async function measureVerify(pool: pg.Pool): Promise<Measurement> {
  const store = postgresStore(pool);
  await store.migrate();
  const keys = quietService(store);
  const tokens = await makeKeys(keys, KEYS);
  await pool.query('vacuum analyze');
  const bare = async (digest: string) =>
    (await pool.query({ ...LOOK_UP, values: [digest] })).rows[0];
  return verifyAgainst(keys, { tokens, bare, batch: BATCH, pairs: PAIRS });
}

/** For how long each side writes, and how often in turn. */
const WRITING_MS = 2000;
const ROUNDS = 5;

/** Changes a second, one key after the other of many owners, each on the disk when it resolves. */
async function measureMutations(pool: pg.Pool): Promise<Measurement> {
  const store = postgresStore(pool);
  await store.migrate();
  const keys = quietService(store);
  await pool.query('create table bare (id bigint generated always as identity primary key)');
  const mutate = (i: number) =>
    keys.create({ name: 'key', owner: `org_${i}`, environment: 'live', actor: { id: 'user_1' } });
  const commit = () => pool.query({ name: 'commit', text: 'insert into bare default values' });
  const rates: { own: number[]; bare: number[] } = { own: [], bare: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const own = await perSecond(mutate);
    const bare = await perSecond(commit);
    if (round === 0) continue; // the first warms up
    rates.own.push(own);
    rates.bare.push(bare);
  }
  const median = (samples: number[]) =>
    samples.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
  return {
    value: median(rates.own),
    note: `the bare server commits ${Math.round(median(rates.bare))} inserts a second`,
  };
}

let made = 0;

async function perSecond(work: (i: number) => unknown): Promise<number> {
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (performance.now() - start < WRITING_MS) {
        await work(made++);
        done++;
      }
    }),
  );
  return (1000 * done) / (performance.now() - start);
}

export const figures: readonly Figure[] = [
  {
    id: 'verify.postgres',
    title: 'verify, uncached, against the same prepared SELECT through the bare pool',
    unit: '×',
    bar: atLeast(0.9),
    measure: () => withPool(measureVerify),
  },
  {
    id: 'mutations.postgres',
    title: 'creations a second, each durable, 16 in flight for many owners',
    unit: ' a second',
    measure: () => withPool(measureMutations, true),
  },
];
