import { postgresStore } from 'keywright/postgres';
import { storedKey, testKeyStore, trace } from 'keywright/testing';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../servers/postgres.ts';
import { changing } from './sql/changing.ts';
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

  it('decides again while it holds an owner, if the connection has lost its statements', async () => {
    const single = new pg.Pool({ connectionString, max: 1 });
    pools.push(single);
    const owner = `org_${crypto.randomUUID()}`;
    const held = changing(postgresStore(single));
    const revoked = async () => {
      await changing(store).create(storedKey({ owner }), trace());
      return held.revokeAll(owner, trace());
    };
    expect(await revoked()).toBe(1);
    await single.query('discard all');
    expect(await revoked()).toBe(1);
    expect(await store.head(owner)).toMatchObject({ sequence: 4 });
  });
});
