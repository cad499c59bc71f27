import { existsSync } from 'node:fs';
import { checkStore } from 'keywright';
import { mysqlStore } from 'keywright/mysql';
import mysql from 'mysql2/promise';
import { afterEach, describe, expect, it } from 'vitest';
import { GALERA, galeraSettings, mariadbProgram, startMariadb } from '../../servers/mariadb.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function storeOn(settings: readonly string[]) {
  const server = await startMariadb({ durable: true, settings });
  if (server === undefined) throw new Error('MariaDB is not installed');
  ends.push(() => server.stop());
  const url = await server.database();
  const pool = mysql.createPool(url);
  ends.push(() => pool.end());
  return { store: mysqlStore(pool), pool, url };
}

describe.skipIf(mariadbProgram() === undefined)('checkStore on MariaDB', () => {
  it('finds nothing on the defaults, before and after the tables are made', async () => {
    const { store } = await storeOn([]);
    expect(await checkStore(store)).toEqual([]);
    await store.migrate();
    expect(await checkStore(store)).toEqual([]);
  });

  it('refuses a binary log of statements, a replica, and warns of a lazy redo log', async () => {
    const { store, pool } = await storeOn(['--log-bin=log', '--binlog-format=STATEMENT']);
    await pool.query('set global read_only = 1');
    await pool.query('set global innodb_flush_log_at_trx_commit = 2');
    const findings = await checkStore(store);
    expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'refuse standby',
      'refuse statement_binlog',
      'warn crash_loses_changes',
    ]);
    await expect(store.migrate()).rejects.toMatchObject({ code: 'store_unsafe' });
  });

  it.skipIf(!existsSync(GALERA))('refuses Galera until reads wait for other nodes', async () => {
    const { store, pool } = await storeOn(await galeraSettings());
    await expect(store.migrate()).rejects.toMatchObject({
      code: 'store_unsafe',
      message: expect.stringContaining('set wsrep_sync_wait = 1'),
    });
    await pool.query('set global wsrep_sync_wait = 1');
    await pool.query('set session wsrep_sync_wait = 1'); // the one connection that the pool has open
    await store.migrate();
    expect(await checkStore(store)).toEqual([]);
  });
});
