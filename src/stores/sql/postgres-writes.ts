import { type RawBuilder, sql } from 'kysely';
import type { Change } from '../../store.ts';
import { drawMark, MOST_RECENT } from '../feed-mark.ts';
import { type ChangeRows, ERASED_COLUMNS } from './change-rows.ts';
import type { ColumnType } from './codec.ts';
import { type Dialect, tableOf } from './dialect.ts';
import { firstJoinedShard, writeRecent } from './shards.ts';
import { events, factors, keys } from './tables.ts';

/** The part of a change that one statement writes, with the source of its parameters. */
export interface Part {
  readonly change: Change;
  readonly rows: ChangeRows;
  /** Whether it follows another statement of the same change, which has moved the head. */
  readonly follows: boolean;
  readonly shard: number;
  /** Whether this statement raises the generation. */
  readonly raises: boolean;
  readonly isJoined: boolean;
}

/** Reads a parameter from a part, so that a text is built once and reused for each change. */
export class Slot {
  readonly read: (part: Part) => unknown;

  constructor(read: (part: Part) => unknown) {
    this.read = read;
  }
}

/** Whether its rows are passed as JSON. */
export function isBatch({ rows: { added, changed, events: sealed, erased } }: Part): boolean {
  return added.length > 1 || changed.length > 1 || sealed.length > 1 || erased.length > 0;
}

const SHARD = new Slot(({ shard }) => shard);

const CASTS: Record<ColumnType, string> = {
  bytes: 'text',
  digest: 'text',
  word: 'text',
  text: 'text',
  longText: 'text',
  whole: 'bigint',
  flag: 'smallint',
};

type Codecs = ReadonlyMap<string, { readonly type: ColumnType }>;

/** Passes rows as one JSON parameter. */
function recordset(codecs: Codecs, columns: readonly string[], rows: Slot): RawBuilder<unknown> {
  const typed = columns.map((column) => sql`${sql.id(column)} ${castOf(codecs, column)}`);
  return sql`json_to_recordset(${rows}::text::json) as c (${sql.join(typed)})`;
}

function castOf(codecs: Codecs, column: string): RawBuilder<unknown> {
  return sql.raw(CASTS[codecs.get(column)?.type ?? 'text']);
}

export function changedOf(dialect: Dialect, part: Part): RawBuilder<unknown> {
  const { columns } = part.rows;
  const batched = isBatch(part);
  const cell = (column: string) =>
    batched
      ? sql.id('c', column)
      : sql`${new Slot(({ rows }) => rows.changed[0]?.after[column])}::${castOf(keys.codecs, column)}`;
  const sets = columns.map((column) => sql`${sql.id(column)} = ${cell(column)}`);
  const table = tableOf(dialect, 'keywright_keys');
  if (!batched) {
    const id = new Slot(({ rows }) => rows.changed[0]?.id);
    const digest = new Slot(({ rows }) => rows.changed[0]?.digest);
    return sql`update ${table} as k set ${sql.join(sets)} from won where k.id = ${id} and k.digest = ${digest} returning k.id`;
  }
  const rows = new Slot(({ rows: { changed } }) =>
    JSON.stringify(changed.map(({ id, digest, after }) => ({ ...after, id, from_digest: digest }))),
  );
  const source = recordset(keys.codecs, ['id', 'from_digest', ...columns], rows);
  return sql`update ${table} as k set ${sql.join(sets)} from won, ${source} where k.id = c.id and k.digest = c.from_digest returning k.id`;
}

export function insertOf(
  dialect: Dialect,
  part: Part,
  which: 'added' | 'events',
): RawBuilder<unknown> {
  const { codecs } = which === 'added' ? keys : events;
  const table = tableOf(dialect, which === 'added' ? 'keywright_keys' : 'keywright_events');
  const columns = [...codecs.keys()];
  const into = sql`insert into ${table} (${sql.join(columns.map((column) => sql.id(column)))})`;
  if (isBatch(part)) {
    const cells = columns.map((column) => sql.id('c', column));
    const rows = new Slot((of) => JSON.stringify(of.rows[which]));
    return sql`${into} select ${sql.join(cells)} from won, ${recordset(codecs, columns, rows)} returning 1`;
  }
  const cells = columns.map(
    (column) => sql`${new Slot(({ rows }) => rows[which][0]?.[column])}::${castOf(codecs, column)}`,
  );
  return sql`${into} select ${sql.join(cells)} from won returning 1`;
}

export function erasedOf(dialect: Dialect): RawBuilder<unknown> {
  const table = tableOf(dialect, 'keywright_events');
  const sets = ERASED_COLUMNS.map((column) => sql`${sql.id(column)} = ${sql.id('c', column)}`);
  const rows = new Slot((of) => JSON.stringify(of.rows.erased));
  const source = recordset(events.codecs, ['sequence', ...ERASED_COLUMNS], rows);
  return sql`update ${table} as e set ${sql.join(sets)} from won, ${source} where e.owner = won.owner and e.sequence = c.sequence returning 1`;
}

export function factorOf(dialect: Dialect, { rows }: Part): RawBuilder<unknown> {
  const table = tableOf(dialect, 'keywright_factors');
  if (rows.factor === null) {
    const actorId = new Slot(({ change }) => change.factor?.actorId);
    return sql`delete from ${table} as f using won where f.owner = won.owner and f.actor_id = ${actorId} returning 1`;
  }
  const columns = [...factors.codecs.keys()];
  const cells = columns.map(
    (column) =>
      sql`${new Slot((of) => of.rows.factor?.[column])}::${castOf(factors.codecs, column)}`,
  );
  return sql`insert into ${table} (${sql.join(columns.map((column) => sql.id(column)))})
  select ${sql.join(cells)} from won
  on conflict (owner, actor_id) do update set version = excluded.version, value = excluded.value returning 1`;
}

/** Joins the counts of all other parts: a part that nothing refers to would run after this one. */
export function raisedOf(
  dialect: Dialect,
  names: readonly string[],
  isJoined: boolean,
): RawBuilder<unknown> {
  const table = tableOf(dialect, 'keywright_generation');
  const count = new Slot(({ change }) => change.purged.length);
  const mark = new Slot(() => drawMark());
  const ids = new Slot(({ change }) => writeRecent('postgres', change.purged));
  const counts = names.map(
    (name) => sql`(select count(*) from ${sql.id(name)}) as ${sql.id(`${name}_count`)}`,
  );
  const recent = sql`array_to_string((string_to_array(${ids}::text || chr(10) || g.recent, chr(10)))[1:${sql.lit(MOST_RECENT)}], chr(10))`;
  return sql`update ${table} as g set generation = g.generation + ${count}::bigint, mark = ${mark}, recent = ${recent}
  from ${sql.join([sql`won`, ...counts])} where g.id = ${isJoined ? sql`coalesce((select id from free), ${SHARD}::bigint)` : sql`${SHARD}::bigint`} returning g.watched_ms`;
}

/**
 * Selects a joined shard that no other open transaction has locked, if possible the owner's own. So up to
 * 64 transactions of the application do not wait for each other.
 */
export function freeOf(dialect: Dialect): RawBuilder<unknown> {
  const table = tableOf(dialect, 'keywright_generation');
  return sql`select g.id from ${table} as g, won where g.id >= ${sql.lit(firstJoinedShard('postgres'))}
  order by g.id <> ${SHARD}::bigint, g.id limit 1 for update of g skip locked`;
}
