import type { DatabaseSync } from 'node:sqlite';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type Database from 'better-sqlite3';
import type { KeyStore } from 'keywright';
import { type KyselyStoreOptions, kyselyStore } from 'keywright/kysely';
import { type MysqlPool, type MysqlPromisePool, mysqlStore } from 'keywright/mysql';
import { type PGliteDatabase, type PGliteTransaction, pgliteStore } from 'keywright/pglite';
import { type PostgresClient, type PostgresPool, postgresStore } from 'keywright/postgres';
import { type SqliteDatabase, sqliteStore } from 'keywright/sqlite';
import type { Kysely } from 'kysely';
import type mysql from 'mysql2';
import type promises from 'mysql2/promise';
import type pg from 'pg';
import { describe, expectTypeOf, it } from 'vitest';

describe('the types of SQL stores', () => {
  it('accepts the clients by their own types', () => {
    expectTypeOf<pg.Pool>().toExtend<PostgresPool>();
    expectTypeOf<pg.PoolClient>().toExtend<PostgresClient>();
    expectTypeOf<PGlite>().toExtend<PGliteDatabase>();
    expectTypeOf<Transaction>().toExtend<PGliteTransaction>();
    expectTypeOf<DatabaseSync>().toExtend<SqliteDatabase>();
    expectTypeOf<Database.Database>().toExtend<SqliteDatabase>();
    expectTypeOf<mysql.Pool>().toExtend<MysqlPool>();
    expectTypeOf<promises.Pool>().toExtend<MysqlPromisePool>();
  });

  it('rejects other clients', () => {
    expectTypeOf<pg.Pool>().not.toExtend<MysqlPool>();
    expectTypeOf<DatabaseSync>().not.toExtend<PostgresPool>();
    expectTypeOf<mysql.Pool>().not.toExtend<PostgresPool>();
    expectTypeOf<PGlite>().not.toExtend<SqliteDatabase>();
  });

  it('returns stores with migrate', () => {
    for (const open of [postgresStore, pgliteStore, sqliteStore, mysqlStore, kyselyStore]) {
      type Store = ReturnType<typeof open>;
      expectTypeOf<Store>().toExtend<KeyStore>();
      expectTypeOf<Store['migrate']>().toEqualTypeOf<() => Promise<void>>();
    }
  });

  it('accepts a Kysely instance of any schema', () => {
    expectTypeOf(kyselyStore<{ users: { id: string } }>)
      .parameter(0)
      .toEqualTypeOf<Kysely<{ users: { id: string } }>>();
    expectTypeOf<KyselyStoreOptions['dialect']>().toEqualTypeOf<
      'postgres' | 'mysql' | 'sqlite' | undefined
    >();
  });
});
