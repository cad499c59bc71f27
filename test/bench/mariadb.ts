import { mysqlStore } from 'keywright/mysql';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { startMariadb } from '../servers/mariadb.ts';
import { CHANGES, idOf, type Keys } from './changes.ts';
import { atLeast, atMost, type Figure, type Measurement } from './figure.ts';
import { makeKeys, quietService, VERIFIED_COLUMNS, verifyAgainst } from './store-rates.ts';

const LOOK_UP = `select ${VERIFIED_COLUMNS} from keywright_keys where digest = ?`;

async function withStore(
  connectionLimit: number,
  work: (pool: Pool, keys: Keys) => Promise<Measurement>,
): Promise<Measurement> {
  const server = await startMariadb();
  if (server === undefined) throw new Error('MariaDB is not installed');
  const pool = createPool({ uri: await server.database(), connectionLimit });
  try {
    const store = mysqlStore(pool);
    await store.migrate();
    return await work(pool, quietService(store));
  } finally {
    await pool.end();
    await server.stop();
  }
}

async function measureVerify(pool: Pool, keys: Keys): Promise<Measurement> {
  const tokens = await makeKeys(keys, 3000);
  const bare = async (digest: string) => {
    const [rows] = await pool.execute<RowDataPacket[]>(LOOK_UP, [Buffer.from(digest)]);
    return rows[0];
  };
  return verifyAgainst(keys, { tokens, bare, batch: 500, pairs: 40 });
}

/** Statements that the server is sent for one change, once they are prepared: each is a round trip. */
async function measureTrips(pool: Pool, keys: Keys, change: string): Promise<Measurement> {
  const ids = [await idOf(keys, 'org_first'), await idOf(keys, 'org_trips')] as const;
  let sent = 0;
  const connection = await pool.getConnection();
  const bare = connection.connection as object as Record<'query' | 'execute', () => unknown>;
  for (const name of ['query', 'execute'] as const) {
    const send = bare[name];
    bare[name] = (...given: unknown[]) => {
      sent++;
      return Reflect.apply(send, bare, given);
    };
  }
  connection.release();
  await CHANGES[change]?.(keys, ids[0], 0);
  sent = 0;
  await CHANGES[change]?.(keys, ids[1], 1);
  return { value: sent };
}

export const figures: readonly Figure[] = [
  {
    id: 'verify.mariadb',
    title: 'verify, uncached, against the same prepared SELECT through bare mysql2',
    unit: '×',
    bar: atLeast(0.85),
    measure: () => withStore(16, measureVerify),
  },
  ...Object.keys(CHANGES).map((change) => ({
    id: `changes.mariadb.trips.${change}`,
    title: `round trips of ${change} on MariaDB, while nobody caches`,
    unit: '',
    bar: atMost(6),
    measure: () => withStore(1, (pool, keys) => measureTrips(pool, keys, change)),
  })),
];
