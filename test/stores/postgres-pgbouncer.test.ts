import { setImmediate as nextTurn } from 'node:timers/promises';
import { postgresStore } from 'keywright/postgres';
import { storedKey, testKeyStore } from 'keywright/testing';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startPgbouncer } from '../servers/pgbouncer.ts';
import { startPostgres } from '../servers/postgres.ts';
import { inTransaction } from './sql/in-transaction.ts';

const server = await startPostgres();
const pooler = server && (await startPgbouncer(server));
const address = (await server?.database()) ?? '';
const pools: pg.Pool[] = [];
const poolOf = (connectionString = '') => {
  const pool = new pg.Pool({ connectionString });
  pools.push(pool);
  return pool;
};
const through = () => poolOf(pooler?.through(address));
const stored = (pool: pg.Pool) => postgresStore(pool, { prepare: false, listen: false });
if (pooler !== undefined) await postgresStore(poolOf(address)).migrate();

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await pooler?.stop();
  await server?.stop();
});

describe.skipIf(pooler === undefined)('postgresStore through PgBouncer', () => {
  const pool = through();
  const [store, other] = [stored(pool), stored(through())];

  testKeyStore(
    () => ({ store, other }),
    { describe, it },
    { changes: 'poll', hold: true, transact: (_opened, work) => inTransaction(pool, work) },
  );

  it('cannot prepare, as each transaction has another connection', async () => {
    const prepared = postgresStore(through());
    const lookUps: Promise<unknown>[] = [];
    for (let i = 0; i < 20; i++) {
      const lookUp = Promise.resolve(prepared.findByDigest(storedKey().digest));
      lookUp.catch(() => {}); // which is awaited below
      lookUps.push(lookUp);
      await nextTurn(); // those of one turn share a statement
    }
    await expect(Promise.all(lookUps)).rejects.toThrow(
      /prepared statement "keywright_\w+" already/,
    );
    await Promise.allSettled(lookUps);
  });
});
