import type { KeyStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { type PostgresServer, startPostgres } from '../servers/postgres.ts';
import { startTcpProxy } from '../servers/tcp-proxy.ts';
import { ACTOR, CHANGES, idOf, KEY, type Keys } from './changes.ts';
import { atLeast, atMost, type Figure, type Measurement } from './figure.ts';
import { quietService } from './store-rates.ts';

const ROUND_TRIP_MS = 20;

interface Place {
  readonly server: PostgresServer;
  readonly database: string;
  readonly pool: pg.Pool;
  readonly store: KeyStore;
  readonly keys: Keys;
}

async function withStore(
  work: (place: Place) => Promise<Measurement>,
  { durable = false, max = 16 } = {},
): Promise<Measurement> {
  const server = await startPostgres({ durable });
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const database = await server.database();
  const pool = new pg.Pool({ connectionString: database, max });
  try {
    const store = postgresStore(pool);
    await store.migrate();
    return await work({ server, database, pool, store, keys: quietService(store) });
  } finally {
    await pool.end();
    await server.stop();
  }
}

/** Statements that the server is sent for one change: each is a round trip. */
async function measureTrips({ pool, keys }: Place, change: string): Promise<Measurement> {
  const id = await idOf(keys, 'org_trips');
  let sent = 0;
  const count = (client: pg.PoolClient) => {
    const { query } = client;
    client.query = ((...given: unknown[]) => {
      sent++;
      return Reflect.apply(query, client, given);
    }) as typeof query;
  };
  const client = await pool.connect();
  count(client);
  client.release();
  await CHANGES[change]?.(keys, id, 0);
  return { value: sent };
}

async function percentile(samples: number[], share: number): Promise<number> {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A service whose database is far away, with its connections open. */
async function withDistance(
  { server, database }: Place,
  roundTripMs: number,
  work: (keys: Keys, pool: pg.Pool) => Promise<Measurement>,
): Promise<Measurement> {
  const proxy = await startTcpProxy(server.port, { roundTripMs });
  const pool = new pg.Pool({ connectionString: proxy.through(database), max: 16 });
  pool.on('error', () => {});
  try {
    const clients = await Promise.all(Array.from({ length: 16 }, () => pool.connect()));
    for (const client of clients) client.release();
    return await work(quietService(postgresStore(pool)), pool);
  } finally {
    await pool.end();
    await proxy.close();
  }
}

/** How much longer a change takes than two pings. */
function measureLatency(place: Place, change: string): Promise<Measurement> {
  return withDistance(place, ROUND_TRIP_MS, async (keys, pool) => {
    const pings: number[] = [];
    const times: number[] = [];
    for (let i = 0; i < 25; i++) {
      const id = await idOf(place.keys, `org_far_${i}`);
      pings.push(await timed(() => pool.query('select 1')));
      times.push(await timed(async () => CHANGES[change]?.(keys, id, i)));
    }
    const ping = await percentile(pings, 0.5);
    const time = await percentile(times, 0.5);
    const note = `${time.toFixed(1)} ms, ping ${ping.toFixed(1)}`;
    return { value: time - 2 * ping, note };
  });
}

function measureOwnersAtOnce(place: Place): Promise<Measurement> {
  return withDistance(place, ROUND_TRIP_MS, async (keys) => {
    const owners = Array.from({ length: 16 }, (_, i) => `org_beside_${i}`);
    const ids = await Promise.all(owners.map((owner) => idOf(keys, owner)));
    let done = 0;
    const spent = await timed(() =>
      Promise.all(
        ids.map(async (id) => {
          for (let i = 0; i < 60; i++, done++) await keys.update(id, { name: `n${i}` }, ACTOR);
        }),
      ),
    );
    return { value: (1000 * done) / spent };
  });
}

/** Creations against bare inserts, both durable, in rounds that follow each other. */
async function measureCreations({ pool, keys }: Place): Promise<Measurement> {
  await pool.query('create table bare (id bigint generated always as identity primary key)');
  const insert = () => pool.query({ name: 'bare', text: 'insert into bare default values' });
  let made = 0;
  const create = () => keys.create({ ...KEY, owner: `org_${made++ % 1000}` });
  const rate = async (work: () => Promise<unknown>) => {
    let done = 0;
    const end = performance.now() + 1000;
    const spent = await timed(() =>
      Promise.all(
        Array.from({ length: 16 }, async () => {
          for (; performance.now() < end; done++) await work();
        }),
      ),
    );
    return (1000 * done) / spent;
  };
  await rate(create);
  const rounds: { own: number; bare: number }[] = [];
  for (let i = 0; i < 7; i++) rounds.push({ own: await rate(create), bare: await rate(insert) });
  const ratios = rounds.map(({ own, bare }) => own / bare);
  const [own, bare] = await Promise.all([
    percentile(
      rounds.map((round) => round.own),
      0.5,
    ),
    percentile(
      rounds.map((round) => round.bare),
      0.5,
    ),
  ]);
  const note = `${own.toFixed(0)} against ${bare.toFixed(0)} a second`;
  return { value: await percentile(ratios, 0.5), note };
}

/** How much longer a revocation takes while transactions of the application are open. */
async function measureBesideOpen(place: Place, joins: boolean): Promise<Measurement> {
  const { pool, keys } = place;
  const ids = await Promise.all(
    Array.from({ length: 260 }, (_, i) => idOf(keys, `org_beside_${i}`)),
  );
  const revokeHundred = async (from: number) => {
    const times: number[] = [];
    for (const id of ids.slice(from, from + 100)) {
      times.push(await timed(() => keys.revoke(id, ACTOR)));
    }
    return percentile(times, 0.5);
  };
  const alone = joins ? 0 : await revokeHundred(0);
  const clients = await Promise.all(Array.from({ length: joins ? 60 : 1 }, () => pool.connect()));
  for (const [i, transaction] of clients.entries()) {
    await transaction.query('begin');
    const waits = { name: 'joined' };
    const spent = await timed(() =>
      keys.update(ids[200 + i] as string, waits, { ...ACTOR, transaction }),
    );
    if (joins && i === clients.length - 1) {
      await endAll(clients);
      return { value: spent };
    }
  }
  const beside = await revokeHundred(100);
  await endAll(clients);
  return { value: beside - alone, note: `${beside.toFixed(2)} ms against ${alone.toFixed(2)}` };
}

async function endAll(clients: readonly pg.PoolClient[]): Promise<void> {
  for (const client of clients) {
    await client.query('rollback');
    client.release();
  }
}

export const figures: readonly Figure[] = [
  ...Object.keys(CHANGES).map((change) => ({
    id: `changes.postgres.trips.${change}`,
    title: `round trips of ${change}, while nobody caches`,
    unit: '',
    bar: atMost(2),
    measure: () => withStore((place) => measureTrips(place, change), { max: 1 }),
  })),
  ...Object.keys(CHANGES).map((change) => ({
    id: `changes.postgres.latency.${change}`,
    title: `${change} behind 20 ms, beyond twice the ping`,
    unit: ' ms',
    bar: atMost(3),
    measure: () => withStore((place) => measureLatency(place, change)),
  })),
  {
    id: 'changes.postgres.owners',
    title: 'updates of 16 owners at once behind 20 ms',
    unit: ' a second',
    bar: atLeast(300),
    measure: () => withStore(measureOwnersAtOnce),
  },
  {
    id: 'changes.postgres.create',
    title: 'durable creations against bare inserts, 16 in flight',
    unit: '×',
    bar: atLeast(0.35),
    measure: () => withStore(measureCreations, { durable: true }),
  },
  {
    id: 'changes.postgres.beside',
    title: 'revoke while a transaction with another owner’s update is open, beyond without',
    unit: ' ms',
    bar: atMost(5),
    measure: () => withStore((place) => measureBesideOpen(place, false)),
  },
  {
    id: 'changes.postgres.joined',
    title: 'update in the 60th of 60 open transactions, each of another owner',
    unit: ' ms',
    bar: atMost(50),
    measure: () => withStore((place) => measureBesideOpen(place, true), { max: 80 }),
  },
];
