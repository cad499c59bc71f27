import { digestToken } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { startPostgres } from '../servers/postgres.ts';
import { atLeast, atMost, type Figure, type Measurement } from './figure.ts';
import { medianOf, rateRatio } from './measure.ts';
import { drawTokens, inFlight, quietService } from './store-rates.ts';

const MANY = 1_000_000;
const FEW = 10_000;
const PER_OWNER = 1000;
/** Tokens that are asked for, among the keys of each table. */
const ASKED = 10_000;
const BATCH = 1000;
const PAIRS = 40;

/** A pool whose store has `count` keys, `PER_OWNER` an owner, those of the tokens spread among them. */
async function filled(connectionString: string, count: number, tokens: readonly string[]) {
  const pool = new pg.Pool({ connectionString, max: 16 });
  const store = postgresStore(pool);
  await store.migrate();
  await pool.query(
    `insert into keywright.keywright_keys (id, digest, owner, environment, name, name_folded, hint, scopes,
       metadata, enabled, created_at, created_by, created_by_id)
     select 'key_' || lpad(i::text, 23, '0'),
       coalesce(($2::text[])[case when i % $3::int = 0 then i / $3::int + 1 end],
         encode(sha256(i::text::bytea), 'hex')),
       'org_' || i % $4::int, 'live', 'key ' || i, 'key ' || i, 'prn_live_abcd', '[]', '{}', 1,
       1767225600000 + i, '{"id":"user_1"}', 'user_1'
     from generate_series(0, $1::int - 1) as i`,
    [
      count,
      tokens.map((token) => digestToken(token)),
      count / ASKED,
      Math.max(1, count / PER_OWNER),
    ],
  );
  await pool.query('vacuum analyze keywright.keywright_keys');
  return { pool, store, keys: quietService(store) };
}

type Filled = Awaited<ReturnType<typeof filled>>;

async function withMillion(
  counts: readonly number[],
  work: (tokens: readonly string[], ...filled: Filled[]) => Promise<Measurement>,
): Promise<Measurement> {
  const server = await startPostgres({ settings: ['max_wal_size=4GB', 'shared_buffers=512MB'] });
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const tokens = drawTokens(ASKED);
  const all: Filled[] = [];
  try {
    for (const count of counts) all.push(await filled(await server.database(), count, tokens));
    return await work(tokens, ...all);
  } finally {
    await Promise.all(all.map(({ pool }) => pool.end()));
    await server.stop();
  }
}

async function measureVerify(
  tokens: readonly string[],
  many: Filled,
  few: Filled,
): Promise<Measurement> {
  const verify =
    ({ keys }: Filled) =>
    () =>
      inFlight(16, BATCH, async (i) => {
        const token = tokens[(i * 7919) % tokens.length] ?? '';
        if (!(await keys.verify(token)).ok) throw new Error('a key was refused');
      });
  const sides = { subject: verify(many), baseline: verify(few) };
  return rateRatio(sides, { warmUp: 20, pairs: PAIRS });
}

/** How many times as long as the look-up of one key a page of 20 takes. */
async function measureList(tokens: readonly string[], many: Filled): Promise<Measurement> {
  const { store, pool } = many;
  const query = { owner: 'org_7', limit: 20, now: Date.now() };
  await assertNoSort(pool);
  const digests = tokens.map((token) => digestToken(token));
  const times: number[] = [];
  for (let i = -50; i < 400; i++) {
    const start = performance.now();
    await store.findByDigest(digests[(i + 50) % digests.length] ?? '');
    const between = performance.now();
    const { items } = await store.list(query);
    const ratio = (performance.now() - between) / (between - start);
    if (items.length !== query.limit) throw new Error(`a page of ${items.length}`);
    if (i >= 0) times.push(ratio);
  }
  return medianOf(times);
}

/** Fails unless the statement of the list reads its index in order. */
async function assertNoSort(pool: pg.Pool): Promise<void> {
  const sent: { text: string; values: unknown[] }[] = [];
  const heard = {
    query: (query: { text: string; values: unknown[] }) => pool.query(query),
    async connect() {
      const client = await pool.connect();
      return new Proxy(client, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          if (name !== 'query') return member.bind(target);
          return (text: string, values: unknown[] = []) => {
            sent.push({ text, values });
            return target.query(text, values);
          };
        },
      });
    },
  };
  await postgresStore(heard).list({ owner: 'org_7', limit: 20, now: Date.now() });
  const [select] = sent.filter(({ text }) => text.startsWith('select'));
  if (select === undefined) throw new Error('no statement of the list was heard');
  const { rows } = await pool.query(`explain (format json) ${select.text}`, select.values);
  const plan = JSON.stringify(rows);
  if (/"Sort|"Seq Scan"/.test(plan)) throw new Error(`the list is sorted: ${plan}`);
}

export const figures: readonly Figure[] = [
  {
    id: 'verify.postgres.1m',
    title: `verify, uncached, at ${MANY} keys in PostgreSQL against ${FEW}`,
    unit: '×',
    bar: atLeast(0.85),
    measure: () => withMillion([MANY, FEW], measureVerify),
  },
  {
    id: 'list.postgres.1m',
    title: `a page of 20 of ${PER_OWNER} keys among ${MANY}, by a plan without a sort, against one look-up`,
    unit: '×',
    bar: atMost(5),
    measure: () => withMillion([MANY], measureList),
  },
];
