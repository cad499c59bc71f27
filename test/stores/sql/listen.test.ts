import { postgresStore } from 'keywright/postgres';
import { storedKey, trace } from 'keywright/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../servers/postgres.ts';
import { changing } from './changing.ts';

const server = await startPostgres();
afterAll(() => server?.stop());

describe.skipIf(server === undefined)('the push of PostgreSQL', () => {
  let pool: pg.Pool;
  const key = storedKey();

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: await server?.database(), max: 4 });
    pool.on('error', () => {}); // connections that this test ends
    const store = postgresStore(pool);
    await store.migrate();
    await store.changes?.register(1000); // changes are hinted at once a cache has registered
    await changing(store).create(key, trace());
  });
  afterAll(() => pool.end());

  const listening = async () => {
    const text = `select pid from pg_stat_activity
                  where datname = current_database() and query ilike 'listen%'`;
    return (await pool.query<{ pid: number }>(text)).rows.map(({ pid }) => pid);
  };
  const change = (name: string) =>
    changing(postgresStore(pool)).update({ id: key.id }, { name }, trace());

  it('takes one connection for all listeners, and gives it back with the last', async () => {
    const { changes } = postgresStore(pool);
    const ends = [await changes?.subscribe?.(() => {}), await changes?.subscribe?.(() => {})];
    expect(await listening()).toHaveLength(1);
    await ends[0]?.();
    expect(await listening()).toHaveLength(1);
    await ends[1]?.();
    expect(await listening()).toHaveLength(0);
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it('listens again after its connection was lost, and tells as word may have been lost', async () => {
    let calls = 0;
    const end = await postgresStore(pool).changes?.subscribe?.(() => calls++);
    const [lost] = await listening();
    const before = calls;
    await pool.query('select pg_terminate_backend($1)', [lost]);
    await expect.poll(listening).toHaveLength(1);
    await expect.poll(() => calls).toBeGreaterThan(before);
    const after = calls;
    await change('again');
    await expect.poll(() => calls).toBeGreaterThan(after);
    await end?.();
    expect(await listening()).toHaveLength(0);
  });

  it('is begun without a database to listen to', async () => {
    const unreachable = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 500 });
    const end = await postgresStore(unreachable).changes?.subscribe?.(() => {});
    await end?.();
    await unreachable.end();
  });

  it('hears nothing of an open transaction, and the hint that follows its commit', async () => {
    let calls = 0;
    const store = postgresStore(pool);
    const end = await store.changes?.subscribe?.(() => calls++);
    const client = await pool.connect();
    await expect.poll(() => calls).toBeGreaterThan(0); // it has begun
    const before = calls;
    await client.query('begin');
    await changing(store).update({ id: key.id }, { name: 'joined' }, trace(), {
      transaction: client,
    });
    await pool.query('select pg_sleep(0.1)');
    expect(calls).toBe(before);
    await client.query('commit');
    client.release();
    await store.changes?.hint();
    await expect.poll(() => calls).toBe(before + 1);
    await end?.();
  });
});
