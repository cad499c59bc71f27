import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { oncePer } from '../../once-per.ts';
import type { Bytes, ToBytes } from './codec.ts';
import type { Tables } from './tables.ts';

/** The SQL of one of three engines. MariaDB belongs to MySQL's family, PGlite to PostgreSQL's. */
export type Family = 'postgres' | 'mysql' | 'sqlite';

/** Builds statements of a family. Only an engine runs them. */
export interface Dialect {
  readonly family: Family;
  /** The qualifier of all table names: PostgreSQL's schema, MySQL's database, SQLite's `main`. */
  readonly schema: string;
  readonly build: Kysely<Tables>;
  readonly bytes: ToBytes;
}

const PARTS = {
  postgres: [PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler],
  mysql: [MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler],
  sqlite: [SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler],
} as const;

export function dialectOf(family: Family, schema: string): Dialect {
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
  return { family, schema, bytes, build: build.withSchema(schema) };
}

/** The qualified name of a table, for raw SQL. */
export function tableOf({ schema }: Dialect, name: keyof Tables): RawBuilder<unknown> {
  return sql.id(schema, name);
}

function verbatim(text: string): Bytes {
  return text as Bytes;
}

/** Encodes a text, so that it reaches MySQL's binary columns in any character set of the connection. */
function encoded(text: string): Bytes {
  // mysql2 binds a Buffer as bytes, and any other Uint8Array as text.
  const encoded =
    typeof Buffer === 'undefined' ? new TextEncoder().encode(text) : Buffer.from(text);
  return encoded as Uint8Array as Bytes;
}

/** Builds the text of a statement once per dialect, because building it takes longer than running it. */
export function builtOnce(
  build: (dialect: Dialect) => { compile(): { readonly sql: string } },
): (dialect: Dialect) => string {
  return oncePer((dialect) => build(dialect).compile().sql);
}
