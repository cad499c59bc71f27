import { mysqlStore } from 'keywright/mysql';
import { postgresStore } from 'keywright/postgres';
import { type SqlStore, sqliteStore } from 'keywright/sqlite';

/** Runs what sends a statement. */
export type Cut = <Sent>(send: () => Sent) => Sent;

/** A store in a database, every statement of which is cut. */
export async function storeUnderCut(address: string, cut: Cut): Promise<SqlStore> {
  const [protocol] = address.split(':', 1);
  if (protocol === 'sqlite') return onSqlite(address, cut);
  return protocol === 'postgres' ? onPostgres(address, cut) : onMariadb(address, cut);
}

async function onSqlite(address: string, cut: Cut): Promise<SqlStore> {
  const { DatabaseSync } = await import('node:sqlite');
  const [path = ''] = address.slice('sqlite:'.length).split('?');
  const database = new DatabaseSync(path, { timeout: 1000 });
  database.exec('pragma journal_mode = wal');
  return sqliteStore({
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

async function onPostgres(address: string, cut: Cut): Promise<SqlStore> {
  const { default: pg } = await import('pg');
  class Client extends pg.Client {
    override query(...given: unknown[]): never {
      const query = super.query as (...given: unknown[]) => never;
      return cut(() => query.apply(this, given));
    }
  }
  return postgresStore(new pg.Pool({ connectionString: address, max: 2, Client }));
}

async function onMariadb(address: string, cut: Cut): Promise<SqlStore> {
  const { default: mysql } = await import('mysql2');
  const pool = mysql.createPool({ uri: address, connectionLimit: 2 });
  pool.on('connection', (connection) => {
    for (const method of ['query', 'execute'] as const) {
      const send = connection[method].bind(connection) as (...given: unknown[]) => unknown;
      Object.assign(connection, { [method]: (...given: unknown[]) => cut(() => send(...given)) });
    }
  });
  return mysqlStore(pool);
}
