import { mysqlStore } from 'keywright/mysql';
import { createPool, type RowDataPacket } from 'mysql2/promise';
import { startMariadb } from '../servers/mariadb.ts';
import { atLeast, type Figure, type Measurement } from './figure.ts';
import { makeKeys, quietService, verifyAgainst } from './store-rates.ts';

const LOOK_UP = `select id, digest, owner, environment, name, hint, scopes, metadata, enabled,
    created_at, created_by, expires_at, last_used_at, revoked_at, replaces, replaced_by, replaced_at
  from keywright_keys where digest = ?`;

async function measure(): Promise<Measurement> {
  const server = await startMariadb();
  if (server === undefined) throw new Error('MariaDB is not installed');
  const pool = createPool({ uri: await server.database(), connectionLimit: 16 });
  try {
    const store = mysqlStore(pool);
    await store.migrate();
    const keys = quietService(store);
    const tokens = await makeKeys(keys, 3000);
    const bare = async (digest: string) => {
      const [rows] = await pool.execute<RowDataPacket[]>(LOOK_UP, [Buffer.from(digest)]);
      return rows[0];
    };
    return await verifyAgainst(keys, { tokens, bare, batch: 500, pairs: 40 });
  } finally {
    await pool.end();
    await server.stop();
  }
}

export const figures: readonly Figure[] = [
  {
    id: 'verify.mariadb',
    title: 'verify, uncached, against the same prepared SELECT through bare mysql2',
    unit: '×',
    bar: atLeast(0.85),
    measure,
  },
];
