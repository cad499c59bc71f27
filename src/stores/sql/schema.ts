import { type CompiledQuery, type CreateTableBuilder, sql } from 'kysely';
import { bytes, type Codec, type ColumnType, digest, whole } from './codec.ts';
import { type Dialect, dialectOf, type Family, insertUnlessThere } from './dialect.ts';
import { events, factors, keys, type Tables } from './tables.ts';

/** A part of a migration that can be run again, whole or cut short, and then changes nothing. */
export interface Step {
  readonly name: string;
  readonly statements: readonly CompiledQuery[];
}

type Column = Pick<Codec<unknown, unknown>, 'type' | 'optional'>;

interface Table {
  readonly name: keyof Tables;
  readonly columns: ReadonlyMap<string, Column>;
  readonly primaryKey: readonly string[];
  readonly unique?: readonly string[];
  /** By name. Those that pages are read by end with what sorts them, so that no page is sorted. */
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
  // MySQL pads with spaces to compare text, whatever the collation, but for names of collations
  // that MariaDB does not share. 1,020 bytes hold the 255 characters that the service allows.
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

/** Those that came with the first version. */
const TABLES: readonly Table[] = [
  {
    name: 'keywright_keys',
    columns: keys.codecs,
    primaryKey: ['id'],
    unique: ['digest'],
    indexes: {
      keywright_keys_created: ['owner', 'created_at', 'id'],
      keywright_keys_expiry: ['owner', 'expires_at'],
    },
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
    columns: columns<'keywright_heads'>({ owner: bytes, sequence: whole, digest }),
    primaryKey: ['owner'],
  },
  {
    name: 'keywright_generation',
    columns: columns<'keywright_generation'>({ id: whole, generation: whole }),
    primaryKey: ['id'],
  },
  {
    name: 'keywright_leases',
    columns: columns<'keywright_leases'>({
      holder: bytes,
      seen: whole,
      lease_ms: whole,
      grant_id: bytes,
    }),
    primaryKey: ['holder'],
  },
];

const FACTORS: Table = {
  name: 'keywright_factors',
  columns: factors.codecs,
  primaryKey: ['owner', 'actor_id'],
};

/**
 * All migrations, in order. MySQL commits after every statement that changes the schema, so a step
 * there is one statement; and nothing is ever dropped.
 */
export function migrationSteps(dialect: Dialect): Step[] {
  const insertGeneration = insertUnlessThere(
    dialect,
    dialect.build
      .insertInto('keywright_generation')
      .values({ id: sql.lit(1), generation: sql.lit(0) }),
    'id',
  );
  const statements = [
    ...TABLES.map((table) => createTable(dialect, table)),
    [insertGeneration.compile()],
    createTable(dialect, FACTORS),
  ];
  return statements.map((step, index) => ({
    name: `${String(index + 1).padStart(4, '0')}_keywright`,
    statements: step,
  }));
}

/** The SQL of all migrations, for those who run their own. Running it again changes nothing. */
export function migrationSql(family: Family, schema?: string): string {
  const statements = migrationSteps(dialectOf(family, schema)).flatMap((step) => step.statements);
  return statements.map((statement) => `${statement.sql};\n`).join('');
}

function createTable({ build, family }: Dialect, table: Table): CompiledQuery[] {
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
  const createIndexes = entries.map(([index, of]) =>
    build.schema
      .createIndex(index)
      .ifNotExists()
      .on(name)
      .columns([...of])
      .compile(),
  );
  return [create.compile(), ...createIndexes];
}

function columns<Name extends keyof Tables>(
  of: Readonly<Record<keyof Tables[Name] & string, Column>>,
): ReadonlyMap<string, Column> {
  return new Map(Object.entries<Column>(of));
}
