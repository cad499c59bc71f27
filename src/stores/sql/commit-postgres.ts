import { type RawBuilder, sql } from 'kysely';
import { headOf } from '../../rules/seal.ts';
import type { Change, CommitResult } from '../../store.ts';
import { chunksOf, rowsOfChange } from './change-rows.ts';
import { type Dialect, tableOf } from './dialect.ts';
import type { Result, Statement, Step } from './engine.ts';
import {
  changedOf,
  erasedOf,
  factorOf,
  freeOf,
  insertOf,
  isBatch,
  type Part,
  raisedOf,
  Slot,
} from './postgres-writes.ts';
import { shardsOfOwner } from './shards.ts';

/** How long a plain change waits for an open transaction of the application, in milliseconds. */
export const LOCK_TIMEOUT_MS = 2000;
/** Rows of one statement. */
const CHUNK = 1000;

interface Text {
  readonly sql: string;
  readonly slots: readonly Slot[];
}

/**
 * Plans commits for PostgreSQL: one statement, which is its own transaction, or one for each thousand
 * rows. Texts are cached by their shape, because building one takes longer than running it.
 */
export function postgresPlanner(dialect: Dialect) {
  const texts = new Map<string, Text>();

  function statementOf(part: Part): Statement {
    const shape = shapeOf(part);
    let text = texts.get(shape);
    if (text === undefined) {
      const { sql: built, parameters } = textOf(dialect, part).compile(dialect.build);
      text = { sql: built, slots: parameters as Slot[] };
      if (texts.size < 500) texts.set(shape, text);
    }
    return {
      sql: text.sql,
      parameters: text.slots.map((slot) => slot.read(part)),
      // A generic plan of a batch would scan all keys, so each batch is planned for its own rows.
      isPrepared: !isBatch(part),
    };
  }

  return (change: Change, isJoined: boolean): Step[] => {
    const { plain, joined } = shardsOfOwner('postgres', change.owner);
    const shard = isJoined ? joined : plain;
    const chunks = chunksOf(rowsOfChange(dialect, change), CHUNK);
    return chunks.map((rows, i) => {
      const raises = change.purged.length > 0 && i === chunks.length - 1;
      const part = { change, rows, shard, isJoined, raises, follows: i > 0 };
      return { statement: statementOf(part), judge };
    });
  };
}

interface CommitRow {
  readonly committed: unknown;
  readonly watched: unknown;
  readonly sequence: unknown;
  readonly digest: unknown;
}

function judge({ rows: [row] }: Result): CommitResult {
  const { committed, watched, sequence, digest } = row as CommitRow;
  if (Number(committed) > 0) return { status: 'committed', watchedMs: Number(watched ?? 0) };
  if (sequence === null) return { status: 'stale' };
  return { status: 'stale', head: { sequence: Number(sequence), digest: String(digest) } };
}

function shapeOf(part: Part): string {
  const { rows, raises, follows, isJoined, change } = part;
  const { added, changed, columns, events: sealed, erased, factor } = rows;
  return JSON.stringify([
    isBatch(part),
    [added.length > 0, changed.length > 0, sealed.length > 0, erased.length > 0],
    changed.length > 0 ? columns : [],
    factor === undefined ? 'same' : factor === null ? 'deleted' : 'written',
    [raises, follows, isJoined, change.purged.length > 0],
  ]);
}

/** Every part selects from `won`, so the statement writes everything or nothing. */
function textOf(dialect: Dialect, part: Part): RawBuilder<unknown> {
  const { rows, raises } = part;
  const heads = tableOf(dialect, 'keywright_heads');
  const writes: [name: string, body: RawBuilder<unknown>][] = [];
  if (rows.changed.length > 0) writes.push(['changed', changedOf(dialect, part)]);
  if (rows.added.length > 0) writes.push(['added', insertOf(dialect, part, 'added')]);
  if (rows.events.length > 0) writes.push(['sealed', insertOf(dialect, part, 'events')]);
  if (rows.erased.length > 0) writes.push(['erased', erasedOf(dialect)]);
  if (rows.factor !== undefined) writes.push(['factor', factorOf(dialect, part)]);
  const names = writes.map(([name]) => name);
  if (raises && part.isJoined) writes.push(['free', freeOf(dialect)]);
  if (raises) writes.push(['raised', raisedOf(dialect, names, part.isJoined)]);
  const parts = writes.map(([name, body]) => sql`${sql.id(name)} as (${body})`);
  const watched = raises ? sql`(select watched_ms from raised)` : sql`0`;
  // The update skips a key whose digest was upgraded meanwhile. A division by zero then fails everything.
  const check =
    rows.changed.length > 0
      ? sql`, 1 / (case when (select count(*) from won) > 0 and (select count(*) from changed) <> ${new Slot((of) => of.rows.changed.length)}::bigint then 0 else 1 end) as complete`
      : sql``;
  return sql`with ${sql.join([...wonOf(dialect, part), ...parts])}
select (select count(*) from won)::int as committed, ${watched} as watched, h.sequence, h.digest${check}
from (values (1)) as answer (x)
left join ${heads} as h on h.owner = ${OWNER} and (select count(*) from won) = 0`;
}

const OWNER = new Slot(({ change }) => change.owner);
const SEQUENCE = new Slot(({ change }) => change.head.sequence);
const DIGEST = new Slot(({ change }) => change.head.digest);
const NEXT_SEQUENCE = new Slot(({ change }) => headOf(change).sequence);
const NEXT_DIGEST = new Slot(({ change }) => headOf(change).digest);

/** Selects the owner if the head is still the one that the change was decided on, and else no row. */
function wonOf(dialect: Dialect, { follows, isJoined, change }: Part): RawBuilder<unknown>[] {
  const heads = tableOf(dialect, 'keywright_heads');
  if (follows) {
    return [
      sql`won as materialized (select owner from ${heads} where owner = ${OWNER} and sequence = ${NEXT_SEQUENCE}::bigint and digest = ${NEXT_DIGEST})`,
    ];
  }
  const settings = [
    // In a transaction of the application, the application's own lock timeout applies.
    ...(isJoined
      ? []
      : [sql`set_config('lock_timeout', ${sql.lit(`${LOCK_TIMEOUT_MS}ms`)}, true)`]),
    ...(change.purged.length > 0 ? [raiseSynchronousCommit()] : []),
    sql`1`,
  ];
  return [
    sql`setting as materialized (select ${sql.join(settings)})`,
    sql`moved as (
  update ${heads} as h set sequence = ${NEXT_SEQUENCE}::bigint, digest = ${NEXT_DIGEST}, pending = 1
  from setting where h.owner = ${OWNER} and h.sequence = ${SEQUENCE}::bigint and h.digest = ${DIGEST}
  returning h.owner)`,
    sql`first as (
  insert into ${heads} (owner, sequence, digest, pending)
  select ${OWNER}, ${NEXT_SEQUENCE}::bigint, ${NEXT_DIGEST}, 1 from setting where ${SEQUENCE}::bigint = 0
  on conflict (owner) do nothing returning owner)`,
    sql`won as materialized (select owner from moved union all select owner from first)`,
  ];
}

/**
 * Makes the transaction wait for the disk and for standbys, even if the server's default does not. A change
 * that joins a transaction of the application does so too (R17). If a crash undid its increase of the
 * generation, the next increase would reach a total that caches have already acknowledged.
 */
export function raiseSynchronousCommit(): RawBuilder<unknown> {
  return sql`case when current_setting('synchronous_commit') in ('off', 'local') then set_config('synchronous_commit', 'on', true) end`;
}
