import {
  DummyDriver,
  type InsertQueryBuilder,
  type InsertResult,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type SelectQueryBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { Bytes, ToBytes } from './codec.ts';
import type { Tables } from './tables.ts';

/** SQL as one of three engines speaks it. MariaDB is of MySQL's family, PGlite of PostgreSQL's. */
export type Family = 'postgres' | 'mysql' | 'sqlite';

/** Builds statements of a family. They are run by an engine, never by this. */
export interface Dialect {
  readonly family: Family;
  /** The schema of PostgreSQL that the tables are in; if absent, the search path decides. */
  readonly schema?: string;
  /** Whether changes can wait for leases: not without locks, so no cache can stand before the store. */
  readonly leases: boolean;
  readonly build: Kysely<Tables>;
  readonly bytes: ToBytes;
}

const PARTS = {
  postgres: [PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler],
  mysql: [MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler],
  sqlite: [SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler],
} as const;

export function dialectOf(family: Family, schema?: string): Dialect {
  const [Adapter, Introspector, Compiler] = PARTS[family];
  const build = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new Adapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new Introspector(db),
      createQueryCompiler: () => new Compiler(),
    },
  });
  const bytes = family === 'mysql' ? encoded : verbatim;
  const dialect = { family, leases: true, bytes };
  return schema === undefined
    ? { ...dialect, build }
    : { ...dialect, schema, build: build.withSchema(schema) };
}

/** Keeps the rows from changing until the transaction ends. SQLite has locked the whole file. */
export function locked<Table extends keyof Tables, Row>(
  { family }: Dialect,
  query: SelectQueryBuilder<Tables, Table, Row>,
): SelectQueryBuilder<Tables, Table, Row> {
  return family === 'sqlite' ? query : query.forUpdate();
}

/** An insert that leaves a row with the same key as it is. */
export function insertUnlessThere<Table extends keyof Tables>(
  { family }: Dialect,
  insert: InsertQueryBuilder<Tables, Table, InsertResult>,
  column: keyof Tables[Table] & string,
): InsertQueryBuilder<Tables, Table, InsertResult> {
  if (family !== 'mysql') return insert.onConflict((conflict) => conflict.doNothing());
  // Not IGNORE, which would let other faults pass too.
  return insert.onDuplicateKeyUpdate({ [column]: sql.ref(column) } as never);
}

/** The name of a table, for SQL that is not built. */
export function tableOf({ schema }: Dialect, name: keyof Tables): RawBuilder<unknown> {
  return schema === undefined ? sql.table(name) : sql.id(schema, name);
}

function verbatim(text: string): Bytes {
  return text as Bytes;
}

/** As bytes, a text reaches MySQL's binary columns whatever the character set of the connection. */
function encoded(text: string): Bytes {
  // mysql2 binds a Buffer as bytes, and any other Uint8Array as text.
  const encoded =
    typeof Buffer === 'undefined' ? new TextEncoder().encode(text) : Buffer.from(text);
  return encoded as Uint8Array as Bytes;
}
