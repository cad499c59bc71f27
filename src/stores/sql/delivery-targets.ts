import { type RawBuilder, sql } from 'kysely';
import { bytes } from './codec.ts';
import { NOW } from './delivery-clock.ts';
import { type Dialect, tableOf } from './dialect.ts';
import type { Session } from './engine.ts';

/** An owner, and the sequence of their newest event. */
export type Target = readonly [owner: string, sequence: number];

/** Runs `work` in a transaction of the store, and retries it after a lost race. */
export type Transact = <Outcome>(work: (session: Session) => Promise<Outcome>) => Promise<Outcome>;

/**
 * Records for one consumer, or for all, that owners have events up to a sequence. Writes rows in the order
 * in which all statements lock them.
 */
export function enterTargets(
  dialect: Dialect,
  targets: readonly Target[],
  consumer?: string,
): RawBuilder<unknown> {
  const { family } = dialect;
  const [consumers, deliveries] = [
    tableOf(dialect, 'keywright_consumers'),
    tableOf(dialect, 'keywright_deliveries'),
  ];
  const now = NOW[family];
  const text = JSON.stringify(targets);
  const into = sql`(consumer, owner, sequence, target, due_at, holder, failures)`;
  const of = consumer === undefined ? sql`1 = 1` : sql`c.consumer = ${dialect.bytes(consumer)}`;
  if (family === 'mysql') {
    return sql`insert into ${deliveries} ${into}
      select c.consumer, cast(n.noted as binary), 0, n.newest, ${now}, null, 0
      from ${consumers} as c cross join json_table(${text}, '$[*]' columns (
        noted varchar(1020) character set utf8mb4 path '$[0]', newest bigint path '$[1]')) as n
      where ${of} order by 1, 2
      on duplicate key update
        due_at = case when due_at is null and values(target) > sequence then values(due_at) else due_at end,
        target = greatest(target, values(target))`;
  }
  const [owner, newest, list] =
    family === 'postgres'
      ? [sql`n ->> 0`, sql`(n ->> 1)::bigint`, sql`json_array_elements(${text}::text::json) as n`]
      : [sql`n.value ->> 0`, sql`n.value ->> 1`, sql`json_each(${text}) as n`];
  return sql`insert into ${deliveries} as d ${into}
    select c.consumer, ${owner}, 0, ${newest}, ${now}, null, 0
    from ${consumers} as c cross join ${list} where ${of} order by 1, 2
    on conflict (consumer, owner) do update set target = excluded.target,
      due_at = case when d.due_at is null and excluded.target > d.sequence then excluded.due_at else d.due_at end
    where excluded.target > d.target`;
}

/**
 * Clears the mark of the heads that have not moved since they were read. Skips heads that an open
 * transaction has locked: they stay pending, and no claim waits for that transaction.
 */
export async function clearNoted(
  dialect: Dialect,
  session: Session,
  transact: Transact | undefined,
  targets: readonly Target[],
): Promise<void> {
  const { build, family } = dialect;
  const heads = tableOf(dialect, 'keywright_heads');
  const text = JSON.stringify(targets);
  if (family === 'postgres') {
    const clear = sql`with free as materialized (
      select h.owner from json_array_elements(${text}::text::json) as n
      join ${heads} as h on h.owner = n ->> 0 and h.sequence = (n ->> 1)::bigint
      for no key update of h skip locked)
      update ${heads} as h set pending = 0 from free where h.owner = free.owner`;
    await session.run(clear.compile(build));
    return;
  }
  if (family === 'sqlite') {
    const clear = sql`update ${heads} set pending = 0 where (owner, sequence) in
      (select value ->> 0, value ->> 1 from json_each(${text}))`;
    await session.run(clear.compile(build));
    return;
  }
  return transact?.((within) => clearLocked(dialect, within, targets));
}

/** MySQL locks rows in a separate statement, by the primary key alone, so that it locks no gap. */
async function clearLocked(
  dialect: Dialect,
  within: Session,
  targets: readonly Target[],
): Promise<void> {
  const { build } = dialect;
  const heads = tableOf(dialect, 'keywright_heads');
  const listed = (owners: readonly string[]) => sql.join(owners.map(dialect.bytes));
  const lock = sql`select owner, sequence from ${heads}
    where owner in (${listed(targets.map(([owner]) => owner))}) for update skip locked`;
  const { rows } = await within.run(lock.compile(build));
  const noted = new Map(targets);
  const free = (rows as readonly { owner: unknown; sequence: unknown }[])
    .map((row): Target => [bytes.read(row.owner), Number(row.sequence)])
    .filter(([owner, sequence]) => noted.get(owner) === sequence);
  if (free.length === 0) return;
  const clear = sql`update ${heads} set pending = 0
    where owner in (${listed(free.map(([owner]) => owner))})`;
  await within.run(clear.compile(build));
}
