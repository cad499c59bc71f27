import { postgresStore } from 'keywright/postgres';
import { storedKey, trace } from 'keywright/testing';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../servers/postgres.ts';
import { changing } from './changing.ts';

const server = await startPostgres();
afterAll(() => server?.stop());

describe.skipIf(server === undefined)('a connection of PostgreSQL', () => {
  it('fails the change, not the process, if its connection is lost', async () => {
    const connectionString = await server?.database();
    const pool = new pg.Pool({ connectionString, max: 2, application_name: 'service' });
    pool.on('error', () => {}); // of clients in the pool
    const clients: pg.PoolClient[] = [];
    pool.on('connect', (client) => clients.push(client));
    const other = new pg.Pool({ connectionString, max: 2 });
    const store = postgresStore(pool);
    await store.migrate();
    const key = storedKey();
    await changing(store).create(key, trace());

    const holder = await other.connect();
    await holder.query('begin');
    await holder.query('select * from keywright.keywright_heads for update');
    const change = changing(store).update({ id: key.id }, { name: 'changed' }, trace());
    const lost = expect(change).rejects.toThrow(/terminat/);
    const terminate = () =>
      other.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'service' and wait_event_type = 'Lock'`,
      );
    await expect.poll(async () => (await terminate()).rowCount).toBe(1);
    await lost;
    await holder.query('rollback');
    holder.release();

    await changing(store).update({ id: key.id }, { name: 'changed again' }, trace());
    expect(await store.find({ id: key.id })).toMatchObject({ name: 'changed again' });
    // The pool's own listener alone is left on a client that is back in it.
    const left = clients.map((client) => client.listenerCount('error'));
    expect(Math.max(...left)).toBeLessThanOrEqual(1);
    await Promise.all([pool.end(), other.end()]);
  });
});
