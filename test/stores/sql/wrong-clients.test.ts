import { DatabaseSync } from 'node:sqlite';
import { kyselyStore } from 'keywright/kysely';
import { mysqlStore } from 'keywright/mysql';
import { pgliteStore } from 'keywright/pglite';
import { postgresStore } from 'keywright/postgres';
import { redisStore } from 'keywright/redis';
import { sqliteStore } from 'keywright/sqlite';
import { Connection, createPool } from 'mysql2';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';

// None of them ever connects.
const pool = new pg.Pool();
const mysqlPool = createPool({ host: '127.0.0.1', database: 'app' });
const database = new DatabaseSync(':memory:');
afterAll(async () => {
  database.close();
  await pool.end();
  await mysqlPool.promise().end();
});

type Case = readonly [what: string, given: unknown, message: RegExp];

function refuses(make: (given: never) => unknown, cases: readonly Case[]): void {
  it.each(cases)('rejects %s, naming what came', (_, given, message) => {
    expect(() => make(given as never)).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        message: expect.stringMatching(message),
      }),
    );
  });
}

describe('postgresStore', () => {
  it('accepts a Pool of pg', () => {
    expect(() => postgresStore(pool)).not.toThrow();
  });

  refuses(postgresStore, [
    ['a connection string', 'postgres://user:secret@host/db', /Pool of pg.*a connection string$/],
    ['an object with a pool', { pool }, /pass the pool itself/],
    ['a single Client', new pg.Client(), /a single connection/],
    ['a tagged template function', () => {}, /a function, perhaps a client of postgres\.js/],
    ['a pool of mysql2', mysqlPool, /a client of another library/],
    ['a database of node:sqlite', database, /a client of another library/],
    ['nothing', undefined, /got undefined/],
  ]);
});

describe('mysqlStore', () => {
  it('accepts a pool of mysql2', () => {
    expect(() => mysqlStore(mysqlPool)).not.toThrow();
  });

  refuses(mysqlStore, [
    ['a connection string', 'mysql://user:secret@host/db', /pool of mysql2.*a connection string$/],
    ['an object with a pool', { pool: undefined }, /pass the pool itself/],
    ['a single connection', Object.create(Connection.prototype), /a single connection/],
    ['a pool of pg', pool, /a client of another library/],
    ['nothing', undefined, /got undefined/],
  ]);
});

describe('sqliteStore', () => {
  refuses(sqliteStore, [
    ['a path', 'keys.db', /must be a DatabaseSync of node:sqlite.*got a string$/],
    ['a pool of pg', pool, /must be a DatabaseSync of node:sqlite.*a client of another library/],
  ]);
});

describe('pgliteStore', () => {
  refuses(pgliteStore, [
    ['a folder', './keys', /must be a PGlite.*got a string$/],
    ['a pool of pg', pool, /must be a PGlite.*a client of another library/],
  ]);
});

describe('kyselyStore', () => {
  refuses(kyselyStore, [
    ['a connection string', 'postgres://u:secret@host/db', /of Kysely: got a connection string$/],
    ['a pool of pg', pool, /of Kysely: got a client of another library/],
  ]);
});

describe('redisStore', () => {
  refuses(redisStore, [
    ['a URL', new URL('redis://:secret@host'), /node-redis or ioredis: got a URL$/],
    ['a connection string', 'redis://:secret@host', /got a connection string$/],
    ['a pool of pg', pool, /got a client of another library/],
    ['nothing', undefined, /got undefined/],
  ]);
});
