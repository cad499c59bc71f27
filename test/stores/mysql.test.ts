import type { StoredKey } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import { storedKey, testKeyStore, trace } from 'keywright/testing';
import { createPool as createCallbackPool } from 'mysql2';
import { createPool, type PoolConnection } from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../servers/mariadb.ts';

const server = await startMariadb();
const uri = (await server?.database()) ?? 'mysql://localhost';
const pool = createPool(uri);
const beside = createCallbackPool(uri);
const [store, other] = [mysqlStore(pool), mysqlStore(beside, { prepare: false })];
if (server !== undefined) await store.migrate();

afterAll(async () => {
  await Promise.all([pool.end(), beside.promise().end()]);
  await server?.stop();
});

describe.skipIf(server === undefined)('mysqlStore', () => {
  testKeyStore(
    () => ({ store, other }),
    { describe, it },
    {
      changes: 'poll',
      transact: (_opened, work) => inTransaction(work),
    },
  );

  it('makes the first keys of several owners at once in transactions of the host', async () => {
    for (let round = 0; round < 10; round++) {
      const keys = Array.from({ length: 4 }, (_, i) => storedKey({ owner: `new_${round}_${i}` }));
      const create = (key: StoredKey) =>
        inTransaction((transaction) => store.create(key, trace(), { transaction }));
      await Promise.all(keys.map(create));
      for (const { id } of keys) expect(await store.find({ id })).toBeDefined();
    }
  });
});

/** Runs `work` in a transaction of a host, with the connection on which it was begun. */
async function inTransaction(work: (connection: PoolConnection) => Promise<void>): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    await work(connection);
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
