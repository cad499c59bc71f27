import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { KeyStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import { sqliteStore } from 'keywright/sqlite';
import type { AllKeysQuery } from 'keywright/store-kit';
import pg from 'pg';
import { startPostgres } from '../servers/postgres.ts';
import { atMost, type Figure, type Measurement } from './figure.ts';
import { medianOf } from './measure.ts';

const KEYS = 1_000_000;
const DAY = 86_400_000;
/** The first key is as old as a year, and one follows every half minute. */
const START = 1_767_225_600_000;
const STEP_MS = 31_536;
const NOW = START + KEYS * STEP_MS;
const ROUNDS = 150;

/** Filters, with how many of the keys pass: of a creator 100, of a hint one in a hundred thousand. */
const FILTERS: Readonly<Record<string, Partial<AllKeysQuery>>> = {
  none: {},
  creator: { createdBy: 'user_77' },
  hint: { hint: 'prn_live_0077' },
  environment: { environment: 'test' },
  state: { state: 'active' },
  'a month of creation': { createdAfter: NOW - 200 * DAY, createdBefore: NOW - 170 * DAY },
  'a week of expiry': { order: 'expiry', expiresAfter: NOW, expiresBefore: NOW + 7 * DAY },
  'unused for a quarter': { unusedSince: NOW - 90 * DAY },
};

/** The columns of key `i`: a third expires, spread over two years; a tenth is of another environment. */
const columns = (digest: string, pad: string) => `
  select ${pad}, ${digest}, 'org_' || (i % 1000), case i % 10 when 3 then 'test' else 'live' end,
    'key ' || i, 'key ' || i, 'prn_live_' || substr('0000' || (i * 7919 % 10000), -4), '[]', '{}', 1,
    ${START} + i * ${STEP_MS}, '{"id":"user"}', 'user_' || (i % 10000),
    case i % 3 when 0 then ${NOW - 365 * DAY} + (i * 7919 % ${KEYS}) * ${2 * STEP_MS} end`;
const INTO = `(id, digest, owner, environment, name, name_folded, hint, scopes, metadata, enabled,
  created_at, created_by, created_by_id, expires_at)`;
/** Every second key was used lately. */
const USES = `select id, ${NOW} - 1000`;

interface Filled {
  readonly store: KeyStore;
  readonly close: () => Promise<void>;
}

function digestOf(i: number): string {
  return ((BigInt(i) * 2_654_435_761n) & 0xff_ffff_ffffn).toString(16).padStart(64, '0');
}

async function inSqlite(): Promise<Filled> {
  const folder = mkdtempSync(join(tmpdir(), 'keywright-bench-'));
  const database = new DatabaseSync(join(folder, 'keys.db'));
  database.exec(
    'pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1048576',
  );
  const store = sqliteStore(database);
  await store.migrate();
  const key = columns(
    "printf('%064x', (i * 2654435761) & 1099511627775)",
    "printf('key_%023d', i)",
  );
  database.exec(`
    with recursive n (i) as (select 0 union all select i + 1 from n where i < ${KEYS - 1})
    insert into keywright_keys ${INTO} ${key} from n;
    insert into keywright_usage (id, at) ${USES} from keywright_keys where created_at / ${STEP_MS} % 2 = 0;
    pragma journal_mode = wal;`);
  return {
    store,
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function inPostgres(): Promise<Filled> {
  const server = await startPostgres({ settings: ['max_wal_size=4GB', 'shared_buffers=512MB'] });
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const pool = new pg.Pool({ connectionString: await server.database(), max: 4 });
  const store = postgresStore(pool);
  await store.migrate();
  const key = columns(
    "lpad(to_hex((i * 2654435761) & 1099511627775), 64, '0')",
    "'key_' || lpad(i::text, 23, '0')",
  ).replace("substr('0000' || (i * 7919 % 10000), -4)", "lpad((i * 7919 % 10000)::text, 4, '0')");
  await pool.query(`insert into keywright.keywright_keys ${INTO} ${key}
    from generate_series(0::bigint, ${KEYS - 1}) as i`);
  await pool.query(`insert into keywright.keywright_usage (id, at) ${USES}
    from keywright.keywright_keys where created_at / ${STEP_MS} % 2 = 0`);
  await pool.query('vacuum analyze keywright.keywright_keys, keywright.keywright_usage');
  return {
    store,
    close: async () => {
      await pool.end();
      await server.stop();
    },
  };
}

/** How many times as long as the look-up of one key a page takes, by the slowest of the filters. */
async function measure(fill: () => Promise<Filled>): Promise<Measurement> {
  const { store, close } = await fill();
  try {
    const { listAll } = store;
    if (listAll === undefined) throw new Error('the store cannot list across owners');
    const notes: string[] = [];
    let worst: Measurement = { value: 0 };
    for (const [name, filter] of Object.entries(FILTERS)) {
      const query = { order: 'created', limit: 20, now: NOW, ...filter } as const;
      const ratio = medianOf(
        await ratiosOf(store, async () => (await listAll(query)).items.length),
      );
      notes.push(`${name} ${ratio.value.toFixed(1)}`);
      if (ratio.value > worst.value) worst = ratio;
    }
    return { ...worst, note: notes.join(', ') };
  } finally {
    await close();
  }
}

async function ratiosOf(store: KeyStore, page: () => Promise<number>): Promise<number[]> {
  const ratios: number[] = [];
  for (let i = -20; i < ROUNDS; i++) {
    const digest = digestOf(((i + 20) * 104_729) % KEYS);
    const start = performance.now();
    const found = await store.findByDigest(digest);
    const between = performance.now();
    const count = await page();
    const ratio = (performance.now() - between) / (between - start);
    if (found === undefined || count !== 20) throw new Error(`a page of ${count}`);
    if (i >= 0) ratios.push(ratio);
  }
  return ratios;
}

const figure = (engine: string, fill: () => Promise<Filled>): Figure => ({
  id: `list-all.${engine.toLowerCase()}.1m`,
  title: `a page of 20 over all owners among ${KEYS} keys in ${engine} against one look-up, by the slowest filter`,
  unit: '×',
  bar: atMost(5),
  measure: () => measure(fill),
});

export const figures: readonly Figure[] = [
  figure('PostgreSQL', inPostgres),
  figure('SQLite', inSqlite),
];
