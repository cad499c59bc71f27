import { type RawBuilder, sql } from 'kysely';
import { headOf } from '../../rules/seal.ts';
import type { Change, CommitResult } from '../../store.ts';
import { drawMark, MOST_RECENT } from '../feed-mark.ts';
import { type ChangeRows, chunksOf, ERASED_COLUMNS, rowsOfChange } from './change-rows.ts';
import { bytes, type ColumnType } from './codec.ts';
import { type Dialect, tableOf } from './dialect.ts';
import type { Result, Step } from './engine.ts';
import { shardsOfOwner, writeRecent } from './shards.ts';
import { events, keys } from './tables.ts';

/** Rows of one statement, which stays below 65,535 parameters and 16 MB. */
const CHUNK = 500;

const STALE: CommitResult = { status: 'stale' };

/**
 * Plans commits for MySQL, as statements of one transaction. One statement updates the head, the key and
 * the generation of a single change. It matches none of the three if the head or the digest has changed.
 */
export function mysqlPlanner(dialect: Dialect) {
  return (change: Change, isJoined: boolean): Step[] => {
    const chunks = chunksOf(rowsOfChange(dialect, change), CHUNK);
    const [first] = chunks as [ChangeRows];
    const isSingle = chunks.length === 1 && first.changed.length === 1;
    const steps = isSingle
      ? [moveAll(dialect, change, first, isJoined)]
      : [moveHead(dialect, change)];
    const rest = chunks.flatMap((rows) => writesOf(dialect, change, rows, isSingle));
    // Written after the keys: a large change must not hold the generation's lock while it writes them.
    const raises = !isSingle && change.purged.length > 0;
    return [...steps, ...rest, ...(raises ? [raiseStep(dialect, change, isJoined)] : [])];
  };
}

function step({ build }: Dialect, statement: RawBuilder<unknown>, judge?: Step['judge']): Step {
  const { sql: text, parameters } = statement.compile(build);
  return { statement: { sql: text, parameters }, ...(judge && { judge }) };
}

/** The update of the generation returns the longest lease as `last_insert_id`. */
function moved({ changes, insertId = 0 }: Result): CommitResult {
  return changes === 0 ? STALE : { status: 'committed', watchedMs: insertId };
}

function expecting(count: number): NonNullable<Step['judge']> {
  return ({ changes }) => (changes === count ? undefined : STALE);
}

/** `straight_join` locks the head first: no change may wait for a head while it locks the generation. */
function moveAll(
  dialect: Dialect,
  change: Change,
  { changed: [row], columns }: ChangeRows,
  isJoined: boolean,
): Step {
  const { owner, head, purged } = change;
  const next = headOf(change);
  const heads = tableOf(dialect, 'keywright_heads');
  const keysTable = tableOf(dialect, 'keywright_keys');
  const sets = columns.map((column) => sql`${sql.id('k', column)} = ${row?.after[column]}`);
  const raises = purged.length > 0;
  const generation = raises
    ? sql` straight_join ${tableOf(dialect, 'keywright_generation')} as g`
    : sql``;
  return step(
    dialect,
    sql`update ${heads} as h straight_join ${keysTable} as k${generation}
      set h.sequence = ${next.sequence}, h.digest = ${dialect.bytes(next.digest)}, h.pending = 1, ${sql.join(sets)}${raises ? sql`, ${raised(change)}` : sql``}
      where h.owner = ${dialect.bytes(owner)} and h.sequence = ${head.sequence} and h.digest = ${dialect.bytes(head.digest)}
        and k.id = ${row?.id} and k.digest = ${row?.digest}${raises ? sql` and g.id = ${shardOf(owner, isJoined)}` : sql``}`,
    moved,
  );
}

/** Sets the generation's columns to their values after a change. */
function raised({ purged }: Change): RawBuilder<unknown> {
  const recent = sql`substring_index(concat(${writeRecent('mysql', purged)}, char(10), g.recent), char(10), ${sql.lit(MOST_RECENT)})`;
  return sql`g.generation = g.generation + ${purged.length}, g.mark = ${drawMark()}, g.recent = ${recent},
    g.watched_ms = last_insert_id(g.watched_ms)`;
}

function moveHead(dialect: Dialect, change: Change): Step {
  const heads = tableOf(dialect, 'keywright_heads');
  const { head } = change;
  const next = headOf(change);
  const owner = dialect.bytes(change.owner);
  const nextDigest = dialect.bytes(next.digest);
  if (head.sequence === 0) {
    // If the owner already has events, the insert of the first event fails.
    return step(
      dialect,
      sql`insert into ${heads} (owner, sequence, digest, pending) values (${owner}, ${next.sequence}, ${nextDigest}, 1)
        on duplicate key update pending = if(sequence = 0, 1, pending), digest = if(sequence = 0, values(digest), digest),
          sequence = if(sequence = 0, values(sequence), sequence)`,
    );
  }
  return step(
    dialect,
    sql`update ${heads} set sequence = ${next.sequence}, digest = ${nextDigest}, pending = 1
      where owner = ${owner} and sequence = ${head.sequence} and digest = ${dialect.bytes(head.digest)}`,
    expecting(1),
  );
}

function raiseStep(dialect: Dialect, change: Change, isJoined: boolean): Step {
  const generation = tableOf(dialect, 'keywright_generation');
  return step(
    dialect,
    sql`update ${generation} as g set ${raised(change)} where g.id = ${shardOf(change.owner, isJoined)}`,
    moved,
  );
}

function shardOf(owner: string, isJoined: boolean): number {
  const { plain, joined } = shardsOfOwner('mysql', owner);
  return isJoined ? joined : plain;
}

function writesOf(
  dialect: Dialect,
  { owner, factor }: Change,
  rows: ChangeRows,
  isSingle: boolean,
): Step[] {
  const { build, bytes: toBytes } = dialect;
  const steps: Step[] = [];
  if (rows.changed.length > 0 && !isSingle) {
    const list = rows.changed.map(({ id, digest, after }) => ({
      ...after,
      ...{ id, from_digest: digest },
    }));
    const source = jsonTable(keys.codecs, ['id', 'from_digest', ...rows.columns], list);
    const table = tableOf(dialect, 'keywright_keys');
    steps.push(
      step(
        dialect,
        sql`update ${source} straight_join ${table} as k
          on k.id = cast(c.id as binary) and k.digest = cast(c.from_digest as binary)
          set ${setsFrom('k', rows.columns)}`,
        expecting(rows.changed.length),
      ),
    );
  }
  // Inserted before the keys: if the head has moved, this insert fails.
  if (rows.events.length > 0) {
    const insert = build.insertInto('keywright_events').values(rows.events as never);
    steps.push({ statement: insert.compile() });
  }
  if (rows.added.length > 0) {
    const insert = build.insertInto('keywright_keys').values(rows.added as never);
    steps.push({ statement: insert.compile() });
  }
  if (rows.erased.length > 0) {
    const source = jsonTable(events.codecs, ['sequence', ...ERASED_COLUMNS], rows.erased);
    const table = tableOf(dialect, 'keywright_events');
    steps.push(
      step(
        dialect,
        sql`update ${source} straight_join ${table} as e on e.owner = ${toBytes(owner)} and e.sequence = c.sequence
          set ${setsFrom('e', ERASED_COLUMNS)}`,
      ),
    );
  }
  if (factor !== undefined && rows.factor !== undefined) {
    const drop = build
      .deleteFrom('keywright_factors')
      .where('owner', '=', toBytes(owner))
      .where('actor_id', '=', toBytes(factor.actorId));
    steps.push({ statement: drop.compile() });
    if (rows.factor !== null) {
      const insert = build.insertInto('keywright_factors').values(rows.factor as never);
      steps.push({ statement: insert.compile() });
    }
  }
  return steps;
}

function setsFrom(table: string, columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql`${sql.id(table, column)} = ${sql.id('c', column)}`));
}

const JSON_TYPES: Record<ColumnType, string> = {
  bytes: 'varchar(1020) character set utf8mb4',
  digest: 'varchar(255) character set utf8mb4',
  word: 'varchar(64) character set utf8mb4',
  text: 'varchar(1000) character set utf8mb4',
  longText: 'mediumtext character set utf8mb4',
  whole: 'bigint',
  flag: 'smallint',
};

/** Passes rows as one JSON parameter. */
function jsonTable(
  codecs: ReadonlyMap<string, { readonly type: ColumnType }>,
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): RawBuilder<unknown> {
  const cells = rows.map((row) => columns.map((column) => jsonCell(row[column])));
  const list = columns.map((column, i) => {
    const type = JSON_TYPES[codecs.get(column)?.type ?? 'digest'];
    return sql`${sql.id(column)} ${sql.raw(type)} path ${sql.lit(`$[${i}]`)}`;
  });
  return sql`json_table(${JSON.stringify(cells)}, '$[*]' columns (${sql.join(list)})) as c`;
}

function jsonCell(cell: unknown): unknown {
  return cell instanceof Uint8Array ? bytes.read(cell) : (cell ?? null);
}
