import { type RawBuilder, sql } from 'kysely';
import { headOf } from '../../rules/seal.ts';
import type { Change, CommitResult } from '../../store.ts';
import { drawMark, MOST_RECENT } from '../feed-mark.ts';
import { type ChangeRows, chunksOf, ERASED_COLUMNS, rowsOfChange } from './change-rows.ts';
import { type Dialect, tableOf } from './dialect.ts';
import type { Result, Step } from './engine.ts';
import { shardsOfOwner, writeRecent } from './shards.ts';
import { events, factors, keys } from './tables.ts';

/** Rows of one statement: D1 limits a parameter to 2 MB. */
const CHUNK = 500;

/**
 * Plans commits for SQLite, as statements of one transaction or of one batch of D1. In a batch, no
 * statement can depend on the result of another. So a guard makes all of them fail if the head is not the
 * expected one.
 */
export function sqlitePlanner(dialect: Dialect) {
  return (change: Change): Step[] => {
    const statements = [
      ...headMoves(dialect, change),
      ...chunksOf(rowsOfChange(dialect, change), CHUNK).flatMap((rows) =>
        writesOf(dialect, change, rows),
      ),
    ];
    const steps = statements.map(
      (statement): Step => ({ statement: compiled(dialect, statement) }),
    );
    if (change.purged.length === 0) return steps;
    const last = compiled(dialect, generationOf(dialect, change));
    return [...steps, { statement: last, judge: watched }];
  };
}

function compiled({ build }: Dialect, statement: RawBuilder<unknown>) {
  const { sql: text, parameters } = statement.compile(build);
  return { sql: text, parameters };
}

function watched({ rows: [row] }: Result): CommitResult {
  const { watched_ms: ms } = (row ?? { watched_ms: 0 }) as { readonly watched_ms: unknown };
  return { status: 'committed', watchedMs: Number(ms) };
}

function headMoves(dialect: Dialect, change: Change): RawBuilder<unknown>[] {
  const heads = tableOf(dialect, 'keywright_heads');
  const { owner, head } = change;
  const next = headOf(change);
  const row = sql`${owner}, ${next.sequence}, ${next.digest}`;
  if (change.events.length === 0) {
    const isHead = sql`exists (select 1 from ${heads} where ${isAt(change)})`;
    return [guardOf(dialect, owner, sql`not ${isHead}`)];
  }
  const move =
    head.sequence === 0
      ? sql`insert into ${heads} as h (owner, sequence, digest, pending) values (${row}, 1)
          on conflict (owner) do update set sequence = excluded.sequence, digest = excluded.digest, pending = 1
          where h.sequence = 0`
      : sql`update ${heads} set sequence = ${next.sequence}, digest = ${next.digest}, pending = 1
          where ${isAt(change)}`;
  // `changes()` counts the rows that the previous statement on this connection has changed.
  return [move, guardOf(dialect, owner, sql`changes() = 0`)];
}

function isAt({ owner, head }: Change): RawBuilder<unknown> {
  return sql`owner = ${owner} and sequence = ${head.sequence} and digest = ${head.digest}`;
}

/** Inserts NULL into a NOT NULL column, and so fails, if the condition holds. `failures.ts` detects that. */
function guardOf(dialect: Dialect, owner: string, condition: RawBuilder<unknown>) {
  const heads = tableOf(dialect, 'keywright_heads');
  return sql`insert into ${heads} (owner, sequence, digest) select ${owner}, null, null where ${condition}`;
}

function writesOf(dialect: Dialect, { owner, factor }: Change, rows: ChangeRows) {
  const [keysTable, eventsTable] = [
    tableOf(dialect, 'keywright_keys'),
    tableOf(dialect, 'keywright_events'),
  ];
  const writes: RawBuilder<unknown>[] = [];
  if (rows.changed.length > 0) {
    const { columns, changed } = rows;
    const digests = JSON.stringify(changed.map(({ id, digest }) => [id, digest]));
    writes.push(
      guardOf(
        dialect,
        owner,
        sql`${changed.length} <> (select count(*) from json_each(${digests}) as j
          join ${keysTable} as k on k.id = j.value ->> 0 and k.digest = j.value ->> 1)`,
      ),
      sql`update ${keysTable} as k set ${sets(columns)}
        from ${recordset(
          ['id', ...columns],
          changed.map(({ id, after }) => ({ ...after, id })),
        )} where k.id = c.id`,
    );
  }
  if (rows.added.length > 0) writes.push(insertion(keysTable, [...keys.codecs.keys()], rows.added));
  if (rows.events.length > 0) {
    writes.push(insertion(eventsTable, [...events.codecs.keys()], rows.events));
  }
  if (rows.erased.length > 0) {
    writes.push(sql`update ${eventsTable} as e set ${sets(ERASED_COLUMNS)}
      from ${recordset(['sequence', ...ERASED_COLUMNS], rows.erased)}
      where e.owner = ${owner} and e.sequence = c.sequence`);
  }
  if (factor !== undefined && rows.factor !== undefined) {
    const table = tableOf(dialect, 'keywright_factors');
    writes.push(sql`delete from ${table} where owner = ${owner} and actor_id = ${factor.actorId}`);
    if (rows.factor !== null) {
      writes.push(insertion(table, [...factors.codecs.keys()], [rows.factor]));
    }
  }
  return writes;
}

function generationOf(dialect: Dialect, { owner, purged }: Change): RawBuilder<unknown> {
  const table = tableOf(dialect, 'keywright_generation');
  const shard = shardsOfOwner('sqlite', owner).plain;
  const ids = writeRecent('sqlite', purged);
  return sql`update ${table} set generation = generation + ${purged.length}, mark = ${drawMark()},
    recent = (select json_group_array(value) from (
      select value from json_each(${ids}) union all select value from json_each(recent)
      limit ${sql.lit(MOST_RECENT)}))
    where id = ${shard} returning watched_ms`;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

function insertion(table: RawBuilder<unknown>, columns: readonly string[], rows: Rows) {
  const names = sql.join(columns.map((column) => sql.id(column)));
  return sql`insert into ${table} (${names}) select ${names} from ${recordset(columns, rows)}`;
}

function sets(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql`${sql.id(column)} = ${sql.id('c', column)}`));
}

/** Passes rows as one JSON parameter, so that the statement is the same for any number of rows. */
function recordset(columns: readonly string[], rows: Rows): RawBuilder<unknown> {
  const cells = rows.map((row) => columns.map((column) => row[column] ?? null));
  const list = columns.map((column, i) => sql`value ->> ${sql.lit(i)} as ${sql.id(column)}`);
  return sql`(select ${sql.join(list)} from json_each(${JSON.stringify(cells)})) as c`;
}
