import type { StoredKey } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import { storedKey, testKeyStore, trace } from 'keywright/testing';
import { createPool as createCallbackPool } from 'mysql2';
import { createPool, type PoolConnection } from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../servers/mariadb.ts';
import { changing } from './sql/changing.ts';
import { dirtyMysql } from './sql/dirty-mysql.ts';

const server = await startMariadb();
const uri = (await server?.database()) ?? 'mysql://localhost';
const pool = createPool(uri);
const beside = createCallbackPool(uri);
const [store, other] = [mysqlStore(pool), mysqlStore(beside, { prepare: false })];
const pools = [pool];
if (server !== undefined) await store.migrate();
const dirty = server === undefined ? [] : await dirtyMysql(uri, pools);

afterAll(async () => {
  await Promise.all([...pools.map((each) => each.end()), beside.promise().end()]);
  await server?.stop();
});

describe.skipIf(server === undefined)('mysqlStore', () => {
  testKeyStore(
    () => ({ store, other }),
    { describe, it },
    {
      changes: 'poll',
      hold: true,
      transact: (_opened, work) => inTransaction(work),
      dirty: () => dirty,
    },
  );

  it('makes the first keys of several owners at once in transactions of the application', async () => {
    for (let round = 0; round < 10; round++) {
      const keys = Array.from({ length: 4 }, (_, i) => storedKey({ owner: `new_${round}_${i}` }));
      const create = (key: StoredKey) =>
        inTransaction(async (transaction) => {
          await changing(store).create(key, trace(), { transaction });
        });
      await Promise.all(keys.map(create));
      for (const { id } of keys) expect(await store.find({ id })).toBeDefined();
    }
  });
});

/** Runs `work` in a transaction of an application, with the connection on which it was begun. */
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
