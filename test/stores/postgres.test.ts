import { postgresStore } from 'keywright/postgres';
import { testKeyStore } from 'keywright/testing';
import pg from 'pg';
import { afterAll, describe, it } from 'vitest';
import { startPostgres } from '../servers/postgres.ts';
import { dirtyPostgres } from './sql/dirty-postgres.ts';
import { inTransaction } from './sql/in-transaction.ts';

const server = await startPostgres();
const connectionString = await server?.database();
const [pool, beside] = [new pg.Pool({ connectionString }), new pg.Pool({ connectionString })];
const pools = [pool, beside];
const [store, other] = [postgresStore(pool), postgresStore(beside, { prepare: false })];
if (server !== undefined) await store.migrate();
const dirty = server === undefined ? [] : await dirtyPostgres(connectionString, pools);

afterAll(async () => {
  await Promise.all(pools.map((each) => each.end()));
  await server?.stop();
});

describe.skipIf(server === undefined)('postgresStore', () => {
  testKeyStore(
    () => ({ store, other }),
    { describe, it },
    { hold: true, transact: (_opened, work) => inTransaction(pool, work), dirty: () => dirty },
  );
});
