import { checkStore } from 'keywright';
import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPgpool } from '../../servers/pgpool.ts';
import { postgresProgram, startPostgres, withClient } from '../../servers/postgres.ts';
import { startStandby } from '../../servers/postgres-standby.ts';

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A store over a pool of its own, which ends with the tests. */
function storeAt(url: string) {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => {});
  ends.push(() => pool.end());
  return postgresStore(pool);
}

const codesAt = async (url: string) =>
  (await checkStore(storeAt(url))).map(({ code, severity }) => `${severity} ${code}`);

describe.skipIf(postgresProgram() === undefined)('checkStore on PostgreSQL', () => {
  let url = '';
  let standbyUrl = '';
  let balanced = '';
  let direct = '';
  beforeAll(async () => {
    const primary = await startPostgres({ settings: ['fsync=on'] });
    if (primary === undefined) throw new Error('PostgreSQL is not installed');
    ends.push(() => primary.stop());
    url = await primary.database();
    const standby = await startStandby(primary, 'standby');
    ends.push(() => standby.stop());
    standbyUrl = standby.url(new URL(url).pathname.slice(1));
    for (const balances of [true, false]) {
      const pooler = await startPgpool([primary, standby], balances);
      if (pooler === undefined) throw new Error('pgpool-II is not installed');
      ends.push(() => pooler.stop('SIGINT'));
      if (balances) balanced = pooler.through(url);
      else direct = pooler.through(url);
    }
    await storeAt(url).migrate();
    await vi.waitFor(() => codesAt(standbyUrl), 10_000);
  }, 60_000);

  const execute = (sql: string) => withClient(url, (client) => client.query(sql));

  it('warns of a standby that failovers may promote and that commits do not wait for', async () => {
    expect(await codesAt(url)).toEqual(['warn asynchronous_replicas']);
  });

  it('finds nothing where commits wait for the standby', async () => {
    await execute("alter system set synchronous_standby_names = 'standby'");
    await execute('select pg_reload_conf()');
    await expect.poll(() => codesAt(url)).toEqual([]);
  });

  it('refuses synchronous_commit weakened for the role or the database of the pool', async () => {
    const database = new URL(url).pathname.slice(1);
    for (const whose of ['role keywright', `database ${database}`]) {
      await execute(`alter ${whose} set synchronous_commit = local`);
      const codes = await codesAt(url);
      await execute(`alter ${whose} reset synchronous_commit`);
      expect(codes).toContain('refuse synchronous_commit');
    }
    expect(await codesAt(url)).toEqual([]);
  });

  it('warns of another role whose commits are weakened', async () => {
    await execute('create role other login');
    await execute('alter role other set synchronous_commit = off');
    expect(await codesAt(url)).toEqual(['warn synchronous_commit']);
    await execute('drop role other');
  });

  it('refuses a standby, and migrate() rejects with the remedy', async () => {
    expect(await codesAt(standbyUrl)).toEqual(['refuse standby']);
    await expect(storeAt(standbyUrl).migrate()).rejects.toMatchObject({
      code: 'store_unsafe',
      message: expect.stringContaining('connect the pool to the primary'),
    });
  });

  it('refuses a pooler that balances reads, and accepts one that does not', async () => {
    expect(await codesAt(balanced)).toContain('refuse reads_elsewhere');
    await expect(storeAt(balanced).migrate()).rejects.toMatchObject({ code: 'store_unsafe' });
    expect(await codesAt(direct)).toEqual([]);
    await storeAt(direct).migrate();
  });
});
