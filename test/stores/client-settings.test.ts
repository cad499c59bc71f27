import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import BetterSqlite from 'better-sqlite3';
import { mysqlStore } from 'keywright/mysql';
import { pgliteStore } from 'keywright/pglite';
import { postgresStore } from 'keywright/postgres';
import { type SqliteDatabase, type SqlStore, sqliteStore } from 'keywright/sqlite';
import { createPool, type PoolOptions } from 'mysql2';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startMariadb } from '../servers/mariadb.ts';
import { startPostgres } from '../servers/postgres.ts';
import { exerciseStore } from './exercise-store.ts';

async function exercise(store: SqlStore): Promise<void> {
  await store.migrate();
  await exerciseStore(store);
}

const junk = () => 'junk';

describe('sqliteStore reads its own values whatever the database is set to give', () => {
  const databases: Record<string, () => SqliteDatabase & { close(): unknown }> = {
    'node:sqlite with returnArrays': () => new DatabaseSync(':memory:', { returnArrays: true }),
    'node:sqlite with readBigInts': () => new DatabaseSync(':memory:', { readBigInts: true }),
    'better-sqlite3 with defaultSafeIntegers': () =>
      new BetterSqlite(':memory:').defaultSafeIntegers(),
  };

  it.each(Object.keys(databases))('%s', async (name) => {
    const database = databases[name]?.();
    if (database === undefined) throw new Error(name);
    await exercise(sqliteStore(database));
    database.close();
  });
});

describe('pgliteStore reads and writes its own values whatever the database is set to', () => {
  it.each(['parsers', 'serializers'])('%s', async (setting) => {
    const types = [16, 20, 21, 23, 25, 114, 1043].map((type) => [type, junk]);
    const database = new PGlite({ [setting]: Object.fromEntries(types) });
    await exercise(pgliteStore(database));
    await database.close();
  });
});

const postgres = await startPostgres();
const mariadb = await startMariadb();
afterAll(async () => {
  await postgres?.stop();
  await mariadb?.stop();
});

describe.skipIf(postgres === undefined)('postgresStore', () => {
  const open = async (options: pg.PoolConfig) =>
    new pg.Pool({ connectionString: await postgres?.database(), ...options });

  it('reads its own values whatever parsers the pool has', async () => {
    const types = { getTypeParser: () => junk } as unknown as pg.CustomTypesConfig;
    const pool = await open({ types });
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 'junk' }]);
    await exercise(postgresStore(pool));
    await pool.end();
  });

  it('refuses a pool whose results are binary', () => {
    const pool = new pg.Pool({ binary: true } as pg.PoolConfig);
    expect(() => postgresStore(pool)).toThrow(/must not have the option `binary`/);
  });
});

describe.skipIf(mariadb === undefined)(
  'mysqlStore reads its own values whatever the pool has for',
  () => {
    const settings: Record<string, PoolOptions> = {
      typeCast: { typeCast: junk },
      'typeCast false': { typeCast: false },
      rowsAsArray: { rowsAsArray: true },
      nestTables: { nestTables: true },
      'numbers as text': { supportBigNumbers: true, bigNumberStrings: true },
      dateStrings: { dateStrings: true, decimalNumbers: true },
      namedPlaceholders: { namedPlaceholders: true },
    };
    const cases = Object.keys(settings).flatMap((name) =>
      [true, false].map((prepare) => [name, prepare] as const),
    );

    it.each(cases)('%s, with prepare %s', async (name, prepare) => {
      const uri = (await mariadb?.database()) ?? '';
      const pool = createPool({ uri, ...settings[name] });
      await exercise(mysqlStore(pool, { prepare }));
      await pool.promise().end();
    });
  },
);
