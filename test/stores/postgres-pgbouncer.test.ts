import { postgresStore } from 'keywright/postgres';
import { storedKey, testKeyStore } from 'keywright/testing';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../faults/engines.ts';
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
    const single = present(await startPgbouncer(present(server, 'PostgreSQL'), 1), 'PgBouncer');
    const connectionString = single.through(address);
    const clients = [new pg.Pool({ connectionString }), new pg.Pool({ connectionString })] as const;
    const [first, second] = clients.map((client) => postgresStore(client, { listen: false }));
    try {
      // The second client prepares on the connection on which the first one has.
      await expect(first?.findByDigest(storedKey().digest)).resolves.toBeUndefined();
      await expect(second?.findByDigest(storedKey().digest)).rejects.toThrow(
        /prepared statement "keywright_\w+" already/,
      );
    } finally {
      await Promise.all(clients.map((client) => client.end()));
      await single.stop();
    }
  });
});
