import { postgresStore } from 'keywright/postgres';
import { type DirtyConnection, storedKey, trace } from 'keywright/testing';
import pg from 'pg';
import { changing } from './changing.ts';

/** What an earlier user leaves a connection in, by the statements that did it. */
const STATES: Record<string, readonly string[]> = {
  'an open transaction with an old snapshot': [
    'begin isolation level repeatable read',
    'select count(*) from keywright.keywright_keys',
  ],
  'an open transaction': ['begin'],
  'a transaction that has failed': ['begin', 'select 1 / 0'],
  'another search path': ["set search_path = 'tenant_b'"],
  'prepared statements discarded': ['discard all'],
  'serializable transactions by default': [
    'set session characteristics as transaction isolation level serializable',
  ],
};

/** Pools of one connection that was left in a state, and was used by the store before. */
export async function dirtyPostgres(
  connectionString: string | undefined,
  pools: pg.Pool[],
): Promise<DirtyConnection[]> {
  const pool = new pg.Pool({ connectionString, max: 1 });
  pools.push(pool);
  const tenant = postgresStore(pool, { schema: 'tenant_b' });
  await tenant.migrate();
  const stranger = storedKey();
  await changing(tenant).create(stranger, trace());
  const store = postgresStore(pool);
  return Object.entries(STATES).map(([name, statements]) => ({
    name,
    stranger,
    async open() {
      await store.findByDigest('a'.repeat(64));
      await store.head('org_unknown');
      const client = await pool.connect();
      for (const statement of statements) await client.query(statement).catch(() => {});
      client.release();
      return store;
    },
  }));
}
