import { type RawBuilder, sql } from 'kysely';
import type { ClaimRef, DeliveryQueue } from '../../delivery-queue.ts';
import { bytes } from './codec.ts';
import { NOW } from './delivery-clock.ts';
import { clearNoted, enterTargets, type Target, type Transact } from './delivery-targets.ts';
import { type Dialect, type Family, tableOf } from './dialect.ts';
import type { Session } from './engine.ts';
import { rawStatements } from './raw.ts';

/** Owners per statement: with names of 1,020 bytes, they stay below the 2 MB of a parameter of D1. */
const PAGE = 500;

/**
 * The delivery queue of the SQL stores. A commit marks the owner's head as pending, in the statement that
 * moves the head. A claim first records pending owners for all consumers, and then clears the mark of each
 * head that has not moved since. So it does not matter when a transaction began, or how late it commits.
 */
export function sqlDeliveries(
  dialect: Dialect,
  session: Session,
  transact: Transact | undefined,
): DeliveryQueue {
  const { family } = dialect;
  const { rows, write } = rawStatements(dialect, session);
  const now = NOW[family];
  const [heads, consumers, deliveries] = [
    tableOf(dialect, 'keywright_heads'),
    tableOf(dialect, 'keywright_consumers'),
    tableOf(dialect, 'keywright_deliveries'),
  ];
  /** The last owner of a full page of pending heads. The next page follows it: locked heads stay pending. */
  let notedUpTo = '';

  async function headsAfter(owner: string, condition: RawBuilder<unknown>): Promise<Target[]> {
    const found = await rows<{
      owner: unknown;
      sequence: unknown;
    }>(sql`select owner, sequence from ${heads} where ${condition} and owner > ${dialect.bytes(owner)}
      order by owner limit ${sql.lit(PAGE)}`);
    return found.map((row): Target => [bytes.read(row.owner), Number(row.sequence)]);
  }

  async function notePending(): Promise<void> {
    const found = await headsAfter(notedUpTo, sql`pending = 1`);
    notedUpTo = found.length < PAGE ? '' : lastOwner(found);
    if (found.length === 0) return;
    // Consumers are read after the heads. One that is added later finds these heads when it is filled.
    await write(enterTargets(dialect, found));
    await clearNoted(dialect, session, transact, found);
  }

  async function fill(consumer: string): Promise<void> {
    for (let last = ''; ; ) {
      const found = await headsAfter(last, sql`sequence > 0`);
      if (found.length > 0) await write(enterTargets(dialect, found, consumer));
      if (found.length < PAGE) return;
      last = lastOwner(found);
    }
  }

  function isClaimed({ consumer, owner, holder }: ClaimRef): RawBuilder<unknown> {
    return sql`consumer = ${dialect.bytes(consumer)} and owner = ${dialect.bytes(owner)} and holder = ${dialect.bytes(holder)}`;
  }

  return {
    async register(consumer) {
      const name = dialect.bytes(consumer);
      const insert = sql`insert into ${consumers} (consumer, is_filled) values (${name}, 0)`;
      const selected = sql`select is_filled from ${consumers} where consumer = ${name}`;
      const [known] = await rows<{ is_filled: unknown }>(selected);
      if (Number(known?.is_filled) === 1) return;
      await write(
        family === 'mysql'
          ? sql`${insert} on duplicate key update consumer = values(consumer)`
          : sql`${insert} on conflict (consumer) do nothing`,
      );
      await fill(consumer);
      await write(sql`update ${consumers} set is_filled = 1 where consumer = ${name}`);
    },

    async claim({ consumer, holder, limit, leaseMs }) {
      const mine = sql`consumer = ${dialect.bytes(consumer)}`;
      const dueNow = sql`select owner from ${deliveries} where ${mine} and due_at <= ${now}
        order by due_at limit ${sql.lit(limit)}`;
      let due: readonly { owner: unknown }[];
      do {
        await notePending();
        due = await rows(dueNow);
      } while (due.length < limit && notedUpTo !== '');
      if (due.length === 0) return [];
      const among = sql`${mine} and owner in ${ownersIn(dialect, due)}`;
      const owned = sql`holder = ${dialect.bytes(holder)}`;
      await write(sql`update ${deliveries} set ${owned}, due_at = ${now} + ${leaseMs}
        where ${among} and due_at <= ${now}`);
      const claimed = await rows<ClaimedRow>(
        sql`select owner, sequence, failures from ${deliveries} where ${among} and ${owned}`,
      );
      return claimed.map(({ owner, sequence, failures }) => ({
        ...{ consumer, holder, owner: bytes.read(owner) },
        ...{ sequence: Number(sequence), failures: Number(failures) },
      }));
    },

    // MySQL assigns from left to right: `sequence` has its old value up to its own assignment.
    async record(claim, { sequence, leaseMs }) {
      const changed = await write(sql`update ${deliveries} set
        failures = case when sequence < ${sequence} then 0 else failures end,
        due_at = ${now} + ${leaseMs}, sequence = ${newest(family, sequence)}
        where ${isClaimed(claim)}`);
      return changed > 0;
    },

    async release(claim, { sequence, retryMs }) {
      const [failures, due] =
        retryMs === undefined
          ? [sql`0`, sql`case when target > ${newest(family, sequence)} then ${now} end`]
          : [
              sql`case when sequence < ${sequence} then 1 else failures + 1 end`,
              sql`${now} + ${retryMs}`,
            ];
      const changed = await write(sql`update ${deliveries} set failures = ${failures},
        due_at = ${due}, holder = null, sequence = ${newest(family, sequence)}
        where ${isClaimed(claim)}`);
      return changed > 0;
    },
  };
}

interface ClaimedRow {
  readonly owner: unknown;
  readonly sequence: unknown;
  readonly failures: unknown;
}

function lastOwner(targets: readonly Target[]): string {
  return (targets.at(-1) as Target)[0];
}

function newest(family: Family, sequence: number): RawBuilder<unknown> {
  return family === 'sqlite'
    ? sql`max(sequence, ${sequence})`
    : sql`greatest(sequence, ${sequence})`;
}

/** One statement of SQLite for any number of owners, because few statements are kept prepared. */
function ownersIn(dialect: Dialect, found: readonly { owner: unknown }[]): RawBuilder<unknown> {
  const owners = found.map(({ owner }) => bytes.read(owner));
  return dialect.family === 'sqlite'
    ? sql`(select value from json_each(${JSON.stringify(owners)}))`
    : sql`(${sql.join(owners.map(dialect.bytes))})`;
}
