/** All tables, columns, indexes and the version in a database, as rows to compare. */
export async function schemaOf(address: string): Promise<unknown[]> {
  const [protocol] = address.split(':', 1);
  if (protocol === 'sqlite') return ofSqlite(address);
  return protocol === 'postgres' ? ofPostgres(address) : ofMariadb(address);
}

const NOTES = 'select version from keywright_settings';

async function ofSqlite(address: string): Promise<unknown[]> {
  const { DatabaseSync } = await import('node:sqlite');
  const [path = ''] = address.slice('sqlite:'.length).split('?');
  const database = new DatabaseSync(path);
  const master = database.prepare('select name, sql from sqlite_master order by name').all();
  const notes = database.prepare(NOTES).all();
  database.close();
  return [master, notes];
}

async function ofPostgres(address: string): Promise<unknown[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const columns = `select table_name, column_name, data_type, is_nullable, collation_name
                   from information_schema.columns where table_schema = 'keywright'
                   order by table_name, column_name`;
  const indexes =
    "select indexdef from pg_indexes where schemaname = 'keywright' order by indexname";
  const found: unknown[] = [];
  const notes = NOTES.replace('keywright_', 'keywright.keywright_');
  for (const text of [columns, indexes, notes]) found.push((await client.query(text)).rows);
  await client.end();
  return found;
}

async function ofMariadb(address: string): Promise<unknown[]> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(address);
  const columns = `select table_name, column_name, column_type, is_nullable, collation_name
                   from information_schema.columns where table_schema = database()
                   order by table_name, column_name`;
  const indexes = `select table_name, index_name, seq_in_index, column_name, non_unique
                   from information_schema.statistics where table_schema = database()
                   order by table_name, index_name, seq_in_index`;
  const found: unknown[] = [];
  for (const text of [columns, indexes, NOTES]) found.push((await connection.query(text))[0]);
  await connection.end();
  return found;
}
