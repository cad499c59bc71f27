import { mysqlStore } from 'keywright/mysql';
import { type DirtyConnection, storedKey, trace } from 'keywright/testing';
import { createPool, type Pool } from 'mysql2/promise';
import { changing } from './changing.ts';

/** What an earlier user leaves a connection in, by the statements that did it. */
const STATES: Record<string, readonly string[]> = {
  'an open transaction with an old snapshot': [
    'set session transaction isolation level repeatable read',
    'start transaction with consistent snapshot',
  ],
  'autocommit turned off, and an old snapshot': [
    'set autocommit = 0',
    'select count(*) from keywright_keys',
  ],
  'another database': ['use tenant_b'],
};

/** Pools of one connection that was left in a state. */
export async function dirtyMysql(uri: string, pools: Pool[]): Promise<DirtyConnection[]> {
  const pool = createPool({ uri, connectionLimit: 1 });
  pools.push(pool);
  await pool.query('create database tenant_b');
  const tenant = mysqlStore(pool, { database: 'tenant_b' });
  await tenant.migrate();
  const stranger = storedKey();
  await changing(tenant).create(stranger, trace());
  const store = mysqlStore(pool);
  return Object.entries(STATES).map(([name, statements]) => ({
    name,
    stranger,
    async open() {
      const connection = await pool.getConnection();
      for (const statement of statements) await connection.query(statement);
      connection.release();
      return store;
    },
  }));
}
