import type { DatabaseSync } from 'node:sqlite';

export type Values = Readonly<Record<string, string | number | null>>;

export function insert(database: DatabaseSync, table: string, values: Values): void {
  const columns = Object.keys(values).map((column) => `"${column}"`);
  const places = columns.map(() => '?').join();
  database
    .prepare(`insert into "${table}" (${columns.join()}) values (${places})`)
    .run(...Object.values(values));
}

/** Creates a table by its statement, with one row, and returns its name. */
export function createWithRow(database: DatabaseSync, statement: string, values: Values): string {
  database.exec(statement);
  const [, table = ''] = /create table ["`]?(\w+)/.exec(statement) ?? [];
  insert(database, table, values);
  return table;
}
