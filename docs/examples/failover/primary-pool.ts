import pg from 'pg';

/** Where the servers are, and how often the pool asks which of them is the primary. */
export interface PrimaryPoolOptions {
  /** One connection string a server. */
  readonly servers: readonly string[];
  /** Milliseconds between two looks. A service can stay on a resumed old primary for so long. Default 500. */
  readonly checkMs?: number;
}

/** A pool over several servers, of which it uses the primary alone. */
export function primaryPool({ servers, checkMs = 500 }: PrimaryPoolOptions) {
  const pools = servers.map((connectionString) => {
    const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 2000 });
    pool.on('error', () => {}); // an idle connection was lost: the next look finds out why
    return pool;
  });
  let primary: pg.Pool | undefined;
  let looking: Promise<void> | undefined;
  let timeline = 1;

  const look = () => {
    looking ??= newestPrimary(pools)
      .then((newest) => {
        // A server on a lower timeline is an old primary, even if the new one does not answer.
        primary = newest.timeline >= timeline ? newest.pool : undefined;
        timeline = Math.max(timeline, newest.timeline);
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = setInterval(look, checkMs);
  timer.unref();

  return {
    async connect(): Promise<pg.PoolClient> {
      if (primary === undefined) await look();
      if (primary === undefined) throw new Error('no server is a primary');
      return primary.connect();
    },
    async end(): Promise<void> {
      clearInterval(timer);
      await looking;
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/** Each promotion begins a new timeline: of two primaries, the one with the higher number is right. */
async function newestPrimary(pools: readonly pg.Pool[]) {
  const seen = await Promise.all(
    pools.map(async (pool) => ({ pool, timeline: await timelineOf(pool).catch(() => 0) })),
  );
  return seen.reduce((best, each) => (each.timeline > best.timeline ? each : best));
}

/** 0 for a standby. A server that does not answer within a second is none. */
async function timelineOf(pool: pg.Pool): Promise<number> {
  const { connectionString } = pool.options;
  const client = new pg.Client({
    ...(connectionString === undefined ? {} : { connectionString }),
    connectionTimeoutMillis: 1000,
    query_timeout: 1000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      `select case when pg_is_in_recovery() then 0
         else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end as timeline`,
    );
    return rows[0].timeline;
  } finally {
    client.end().catch(() => {});
  }
}
