import { type CompiledQuery, Kysely, MysqlDialect, PostgresDialect, sql } from 'kysely';
import { type Dialect, dialectOf, type Family } from '../../../src/stores/sql/dialect.ts';
import type { Engine } from '../../../src/stores/sql/engine.ts';
import { kyselyEngine } from '../../../src/stores/sql/kysely-engine.ts';
import { migrationSteps, type Step } from '../../../src/stores/sql/schema.ts';
import { sqliteEngine } from '../../../src/stores/sql/sqlite-engine.ts';

/** Runs what sends a statement. */
export type Cut = <Sent>(send: () => Sent) => Sent;

/** Migrates a database to this version, or to one that is newer, with every statement cut. */
export async function migrate(address: string, newer: boolean, cut: Cut): Promise<void> {
  const [protocol] = address.split(':', 1);
  if (protocol === 'sqlite') return run(await onSqlite(address, cut), 'sqlite', newer);
  if (protocol === 'postgres') return run(await onPostgres(address, cut), 'postgres', newer);
  return run(await onMariadb(address, cut), 'mysql', newer);
}

async function run(engine: Engine, family: Family, newer: boolean): Promise<void> {
  const dialect = dialectOf(family);
  const steps = migrationSteps(dialect);
  await engine.migrate(newer ? [...steps, ...newerSteps(dialect)] : steps);
}

/** What a version to come might add, each of it in a way that may run again. */
function newerSteps({ build, family }: Dialect): Step[] {
  const statement = (text: string): CompiledQuery => sql.raw(text).compile(build);
  const table = statement('create table if not exists keywright_newer (id integer primary key)');
  const column = statement('alter table keywright_keys add column if not exists newer varchar(9)');
  const index = statement('create index if not exists keywright_newer_id on keywright_newer (id)');
  if (family === 'sqlite') return [{ name: '9000_keywright', statements: [table, index] }];
  return [table, column, index].map((each, i) => ({
    name: `900${i}_keywright`,
    statements: [each],
  }));
}

async function onSqlite(address: string, cut: Cut): Promise<Engine> {
  const { DatabaseSync } = await import('node:sqlite');
  const [path = ''] = address.slice('sqlite:'.length).split('?');
  const database = new DatabaseSync(path, { timeout: 1000 });
  database.exec('pragma journal_mode = wal');
  return sqliteEngine({
    exec: (text) => cut(() => database.exec(text)),
    prepare(text) {
      const statement = database.prepare(text);
      return {
        get: (...parameters) => cut(() => statement.get(...parameters)),
        all: (...parameters) => cut(() => statement.all(...parameters)),
        run: (...parameters) => cut(() => statement.run(...parameters)),
        columns: () => statement.columns(),
      };
    },
    get isTransaction() {
      return database.isTransaction;
    },
  });
}

async function onPostgres(address: string, cut: Cut): Promise<Engine> {
  const { default: pg } = await import('pg');
  class Client extends pg.Client {
    override query(...given: unknown[]): never {
      const query = super.query as (...given: unknown[]) => never;
      return cut(() => query.apply(this, given));
    }
  }
  const pool = new pg.Pool({ connectionString: address, max: 2, Client });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return kyselyEngine(db, dialectOf('postgres'));
}

async function onMariadb(address: string, cut: Cut): Promise<Engine> {
  const { default: mysql } = await import('mysql2');
  const pool = mysql.createPool({ uri: address, connectionLimit: 2 });
  pool.on('connection', (connection) => {
    const query = connection.query.bind(connection) as (...given: unknown[]) => unknown;
    Object.assign(connection, { query: (...given: unknown[]) => cut(() => query(...given)) });
  });
  const db = new Kysely<unknown>({ dialect: new MysqlDialect({ pool: pool as never }) });
  return kyselyEngine(db, dialectOf('mysql'));
}
