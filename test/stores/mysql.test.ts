import { mysqlStore } from 'keywright/mysql';
import { testKeyStore } from 'keywright/testing';
import { createPool as createCallbackPool } from 'mysql2';
import { createPool } from 'mysql2/promise';
import { afterAll, describe, it } from 'vitest';
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
      async transact(_opened, work) {
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
      },
    },
  );
});
