import type pg from 'pg';
import { withCache } from './cache-ground.ts';
import { atLeast, atMost, exactly, type Figure, type Measurement } from './figure.ts';
import { compareServers } from './guards.ts';

const KEYS = 100;
const RUN_MS = 10_000;
const SPACING_MS = 5;

interface Traffic {
  readonly statements: number;
  readonly rowsWritten: number;
}

/** What a process with traffic sends while nothing changes, in a second. */
function quiet(value: (traffic: Traffic) => number): Promise<Measurement> {
  return withCache(KEYS, async ({ cached, cache, pool, tokens }) => {
    await cached.close(); // of times of last use, it notes no more
    const request = async (i: number) => {
      const verdict = await cached.verify(tokens[i % tokens.length] ?? '');
      if (!verdict.ok) throw new Error(verdict.reason);
      await new Promise((resolve) => setTimeout(resolve, SPACING_MS));
    };
    for (let i = 0; cache.status().keys < KEYS; i++) await request(i);
    const { misses } = cache.status();
    const before = await rowsWritten(pool);
    let statements = 0;
    const count = () => statements++;
    pool.on('acquire', count);
    const begin = performance.now();
    for (let i = 0; performance.now() - begin < RUN_MS; i++) await request(i);
    const seconds = (performance.now() - begin) / 1000;
    pool.off('acquire', count);
    const traffic = {
      statements: statements / seconds,
      rowsWritten: (await rowsWritten(pool)) - before,
    };
    const missed = cache.status().misses - misses;
    const note = `${statements} statements in ${seconds.toFixed(1)} s, ${missed} misses`;
    return { value: value(traffic), note };
  });
}

/** Rows that the store has written so far. A connection that is idle would report its own much later. */
async function rowsWritten(pool: pg.Pool): Promise<number> {
  const clients = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()));
  for (const client of clients) await client.query('select pg_stat_force_next_flush()');
  for (const client of clients) client.release();
  const { rows } = await pool.query(`select sum(n_tup_ins + n_tup_upd + n_tup_del) as n
    from pg_stat_user_tables where schemaname = 'keywright'`);
  return Number(rows[0].n);
}

export const figures: readonly Figure[] = [
  {
    id: 'cache.quiet.reads',
    title: 'statements a second of a process with traffic while nothing changes',
    unit: '',
    bar: atMost(4),
    measure: () => quiet(({ statements }) => statements),
  },
  {
    id: 'cache.quiet.writes',
    title: 'rows that a process with traffic writes in 10 s while nothing changes',
    unit: '',
    bar: exactly(0),
    measure: () => quiet(({ rowsWritten }) => rowsWritten),
  },
  {
    id: 'cache.guard',
    title: 'requests a second of node:http with the guard over the cache, against the memory store',
    unit: '×',
    bar: atLeast(0.95),
    measure: () =>
      withCache(1, ({ address }) => compareServers('node', 'cached', 'guarded', address)),
  },
];
