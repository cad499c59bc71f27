import { postgresStore } from 'keywright/postgres';
import { testKeyStore } from 'keywright/testing';
import pg from 'pg';
import { afterAll, describe, it } from 'vitest';
import { startPostgres } from '../servers/postgres.ts';

const server = await startPostgres();
const connectionString = await server?.database();
const [pool, beside] = [new pg.Pool({ connectionString }), new pg.Pool({ connectionString })];
const [store, other] = [postgresStore(pool), postgresStore(beside, { prepare: false })];
if (server !== undefined) await store.migrate();

afterAll(async () => {
  await Promise.all([pool.end(), beside.end()]);
  await server?.stop();
});

describe.skipIf(server === undefined)('postgresStore', () => {
  testKeyStore(
    () => ({ store, other }),
    { describe, it },
    {
      async transact(_opened, work) {
        const client = await pool.connect();
        try {
          await client.query('begin');
          await work(client);
          await client.query('commit');
        } catch (error) {
          await client.query('rollback');
          throw error;
        } finally {
          client.release();
        }
      },
    },
  );
});
