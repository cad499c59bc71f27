import { type CompiledQuery, type CreateTableBuilder, sql } from 'kysely';
import { invalid } from '../../errors.ts';
import {
  bytes,
  type Codec,
  type ColumnType,
  digest,
  flag,
  longText,
  optional,
  text,
  whole,
  word,
} from './codec.ts';
import { type Dialect, dialectOf, type Family, tableOf } from './dialect.ts';
import { shardsIn, writeRecent } from './shards.ts';
import { events, factors, keys, type Tables } from './tables.ts';

/** The version of the schema that this code reads and writes. */
export const SCHEMA_VERSION = 1;

/** The default PostgreSQL schema: not one of those that Supabase and similar services expose. */
export const DEFAULT_SCHEMA = 'keywright';

type Column = Pick<Codec<unknown, unknown>, 'type' | 'optional'>;

interface Table {
  readonly name: keyof Tables;
  readonly columns: ReadonlyMap<string, Column>;
  readonly primaryKey: readonly string[];
  readonly unique?: readonly string[];
  /** By name. Indexes for pages end with the columns that sort the page, so that no page needs a sort. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

const COLUMN_TYPES: Record<Family, Record<ColumnType, string>> = {
  postgres: {
    bytes: 'text collate "C"',
    digest: 'text collate "C"',
    word: 'text collate "C"',
    text: 'text collate "C"',
    longText: 'text collate "C"',
    whole: 'bigint',
    flag: 'smallint',
  },
  // MySQL pads text with spaces to compare it, except by collations that MariaDB does not have.
  // 1,020 bytes hold the 255 characters that the service allows.
  mysql: {
    bytes: 'varbinary(1020)',
    digest: 'varbinary(255)',
    word: 'varchar(64) character set utf8mb4 collate utf8mb4_bin',
    text: 'varchar(1000) character set utf8mb4 collate utf8mb4_bin',
    longText: 'mediumtext character set utf8mb4 collate utf8mb4_bin',
    whole: 'bigint',
    flag: 'smallint',
  },
  sqlite: {
    bytes: 'text',
    digest: 'text',
    word: 'text',
    text: 'text',
    longText: 'text',
    whole: 'integer',
    flag: 'integer',
  },
};

const TABLES: readonly Table[] = [
  {
    name: 'keywright_keys',
    columns: keys.codecs,
    primaryKey: ['id'],
    unique: ['digest'],
    indexes: {
      keywright_keys_created: ['owner', 'created_at', 'id'],
      keywright_keys_expiry: ['owner', 'expires_at'],
      // For lists across owners.
      keywright_keys_all: ['created_at', 'id'],
      keywright_keys_creator: ['created_by_id', 'created_at', 'id'],
      keywright_keys_hint: ['hint', 'created_at', 'id'],
      keywright_keys_expiring: ['expires_at', 'id'],
    },
  },
  {
    name: 'keywright_usage',
    columns: columns<'keywright_usage'>({ id: bytes, at: whole }),
    primaryKey: ['id'],
  },
  {
    name: 'keywright_events',
    columns: events.codecs,
    primaryKey: ['owner', 'sequence'],
    indexes: {
      keywright_events_key: ['owner', 'key_id', 'sequence'],
      keywright_events_action: ['owner', 'action', 'sequence'],
      keywright_events_actor: ['owner', 'actor_id', 'sequence'],
    },
  },
  {
    name: 'keywright_heads',
    columns: columns<'keywright_heads'>({ owner: bytes, sequence: whole, digest, pending: flag }),
    primaryKey: ['owner'],
    indexes: { keywright_heads_pending: ['pending', 'owner'] },
  },
  {
    name: 'keywright_consumers',
    columns: columns<'keywright_consumers'>({ consumer: bytes, is_filled: flag }),
    primaryKey: ['consumer'],
  },
  {
    name: 'keywright_deliveries',
    columns: columns<'keywright_deliveries'>({
      consumer: bytes,
      owner: bytes,
      sequence: whole,
      target: whole,
      due_at: optional(whole),
      holder: optional(bytes),
      failures: whole,
    }),
    primaryKey: ['consumer', 'owner'],
    indexes: { keywright_deliveries_due: ['consumer', 'due_at'] },
  },
  {
    name: 'keywright_factors',
    columns: factors.codecs,
    primaryKey: ['owner', 'actor_id'],
  },
  {
    name: 'keywright_generation',
    columns: columns<'keywright_generation'>({
      id: whole,
      generation: whole,
      mark: word(),
      recent: longText,
      watched_ms: whole,
    }),
    primaryKey: ['id'],
  },
  {
    name: 'keywright_members',
    columns: columns<'keywright_members'>({ holder: bytes, acked: whole, lease_ms: whole }),
    primaryKey: ['holder'],
  },
  {
    name: 'keywright_settings',
    columns: columns<'keywright_settings'>({
      id: whole,
      version: whole,
      max_lease_ms: whole,
      settled: optional(text()),
    }),
    primaryKey: ['id'],
  },
];

/**
 * The statements that create the tables and their first rows. MySQL commits after each statement that
 * changes the schema. So each can be run again and then changes nothing, and the version comes last.
 */
export function schemaStatements(dialect: Dialect): CompiledQuery[] {
  return [...TABLES.flatMap((table) => createTable(dialect, table)), ...firstRows(dialect)];
}

/** Creates the PostgreSQL schema. The server rejects an account without that right even if it exists. */
export function createSchema({ schema, build }: Dialect): CompiledQuery {
  return sql`create schema if not exists ${sql.id(schema)}`.compile(build);
}

/** Returns the qualifier of the tables of a family. */
export function schemaFor(family: Family, named: string | undefined): string {
  if (family === 'sqlite') return 'main';
  if (family === 'postgres') return named ?? DEFAULT_SCHEMA;
  if (named === undefined) throw invalid('database', 'must name the database of the tables');
  return named;
}

/** Returns the SQL of all statements, for other migration tools. Running it again changes nothing. */
export function migrationSql(family: Family, schema: string): string {
  const dialect = dialectOf(family, schema);
  const statements = [
    ...(family === 'postgres' ? [createSchema(dialect)] : []),
    ...schemaStatements(dialect),
  ];
  return statements.map((statement) => `${statement.sql};\n`).join('');
}

function firstRows({ build, family }: Dialect): CompiledQuery[] {
  const generations = build.insertInto('keywright_generation').values(
    shardsIn(family).map((id) => ({
      id: sql.lit(id),
      generation: sql.lit(0),
      mark: sql.lit('0'.repeat(16)),
      recent: sql.lit(writeRecent(family, [])),
      watched_ms: sql.lit(0),
    })),
  );
  const settings = build.insertInto('keywright_settings').values({
    id: sql.lit(1),
    version: sql.lit(SCHEMA_VERSION),
    max_lease_ms: sql.lit(0),
    settled: sql.lit(null),
  });
  return [generations, settings].map((insert) =>
    family === 'mysql'
      ? // Not IGNORE, which would also ignore other errors.
        insert.onDuplicateKeyUpdate({ id: sql.ref('id') } as never).compile()
      : insert.onConflict((conflict) => conflict.doNothing()).compile(),
  );
}

function createTable(dialect: Dialect, table: Table): CompiledQuery[] {
  const { build, family, schema } = dialect;
  const { name, columns, primaryKey, unique, indexes = {} } = table;
  let create: CreateTableBuilder<string, string> = build.schema.createTable(name).ifNotExists();
  for (const [column, { type, optional }] of columns) {
    create = create.addColumn(column, sql.raw(COLUMN_TYPES[family][type]), (definition) =>
      optional ? definition : definition.notNull(),
    );
  }
  create = create.addPrimaryKeyConstraint(`${name}_pk`, [...primaryKey]);
  if (unique !== undefined) create = create.addUniqueConstraint(`${name}_unique`, [...unique]);
  const entries = Object.entries(indexes);
  if (family === 'mysql') {
    for (const [index, of] of entries) create = create.addIndex(index, [...of]);
    return [create.modifyEnd(sql`engine = innodb row_format = dynamic`).compile()];
  }
  // SQLite qualifies the index, PostgreSQL the table.
  const on = family === 'sqlite' ? sql.id(name) : tableOf(dialect, name);
  const createIndexes = entries.map(([index, of]) => {
    const as = family === 'sqlite' ? sql.id(schema, index) : sql.id(index);
    const list = sql.join(of.map((column) => sql.id(column)));
    return sql`create index if not exists ${as} on ${on} (${list})`.compile(build);
  });
  return [create.compile(), ...createIndexes];
}

function columns<Name extends keyof Tables>(
  of: Readonly<Record<keyof Tables[Name] & string, Column>>,
): ReadonlyMap<string, Column> {
  return new Map(Object.entries<Column>(of));
}
