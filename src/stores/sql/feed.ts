import { type RawBuilder, sql } from 'kysely';
import type { ChangeFeed, FeedMember, FeedPoll } from '../../change-feed.ts';
import { bytes } from './codec.ts';
import { raiseSynchronousCommit } from './commit-postgres.ts';
import { type Dialect, type Family, tableOf } from './dialect.ts';
import type { Engine, Session } from './engine.ts';
import { rawStatements } from './raw.ts';
import { readRecent, shardsFor } from './shards.ts';

/** The channel of PostgreSQL on which changes are announced. */
export const CHANNEL = 'keywright';

/** The change feed of the SQL stores. Each method runs one statement; `register` may run two. */
export function sqlFeed(
  dialect: Dialect,
  session: Session,
  { subscribe, tell }: NonNullable<Engine['feed']>,
): ChangeFeed {
  const { build, family } = dialect;
  const { rows, write } = rawStatements(dialect, session);
  const [generation, members, settings] = [
    tableOf(dialect, 'keywright_generation'),
    tableOf(dialect, 'keywright_members'),
    tableOf(dialect, 'keywright_settings'),
  ];
  const totals = sql`(select sum(generation) as total, ${XOR[family]} as marks from ${generation})`;
  const epoch = EPOCH[family];
  const polling = sql`
    select t.total, t.marks, m.acked, ${epoch} as epoch from ${totals} as t
    left join ${members} as m on m.holder = ${null}`.compile(build).sql;

  return {
    shardsOf: (owner) => shardsFor(family, owner),

    async poll(holder) {
      const parameters = [dialect.bytes(holder)];
      const { rows: found } = await session.run({ sql: polling, parameters, isPrepared: true });
      const row = found[0] as PollRow;
      const poll: FeedPoll = {
        total: Number(row.total),
        marks: bytes.read(row.marks),
        epoch: bytes.read(row.epoch),
      };
      return row.acked === null ? poll : { ...poll, acked: Number(row.acked) };
    },

    async read(seen) {
      const differs = differing(family, seen);
      const found = await rows<ShardRow>(
        sql`
        select e.epoch, g.id, g.generation, g.mark, g.recent from (select ${epoch} as epoch) as e
        left join ${generation} as g on ${differs}`,
        true,
      );
      const shards = found
        .filter(({ id }) => id !== null)
        .map(({ id, generation: count, mark, recent }) => ({
          shard: Number(id),
          generation: Number(count),
          mark: bytes.read(mark),
          recent: readRecent(bytes.read(recent)),
        }));
      return { epoch: bytes.read(found[0]?.epoch), shards };
    },

    async acknowledge(holder, total, leaseMs) {
      const row = sql`${dialect.bytes(holder)}, ${total}, ${leaseMs}`;
      const newer = sql`acked = ${GREATEST[family]}(m.acked, excluded.acked), lease_ms = excluded.lease_ms`;
      const insert = sql`insert into ${members}`;
      await write(
        {
          postgres: sql`with setting as materialized (select ${raiseSynchronousCommit()})
            ${insert} as m (holder, acked, lease_ms) select ${dialect.bytes(holder)}, ${total}::bigint, ${leaseMs}::bigint from setting
            on conflict (holder) do update set ${newer}`,
          mysql: sql`${insert} (holder, acked, lease_ms) values (${row})
            on duplicate key update acked = greatest(acked, values(acked)), lease_ms = values(lease_ms)`,
          sqlite: sql`${insert} as m (holder, acked, lease_ms) values (${row})
            on conflict (holder) do update set ${newer}`,
        }[family],
      );
    },

    async leave(holder) {
      await write(sql`delete from ${members} where holder = ${dialect.bytes(holder)}`);
    },

    async register(leaseMs) {
      const noted = sql`update ${settings} set
        max_lease_ms = ${GREATEST[family]}(max_lease_ms, ${leaseMs}), settled = coalesce(settled, ${epoch})`;
      const unnoted = sql`(max_lease_ms < ${leaseMs} or settled is null)`;
      const watched = sql`update ${generation} set watched_ms = ${leaseMs}`;
      if (family === 'postgres') {
        await write(sql`with setting as materialized (select ${raiseSynchronousCommit()}),
          noted as (${noted} from setting where ${unnoted})
          ${watched} from setting where watched_ms < ${leaseMs}`);
        return;
      }
      await write(sql`${noted} where ${unnoted}`);
      await write(sql`${watched} where watched_ms < ${leaseMs}`);
    },

    async hint() {
      if (family === 'postgres') await rows(sql`select pg_notify(${sql.lit(CHANNEL)}, '')`);
      else tell?.();
    },

    ...(subscribe && { subscribe }),

    async readMembers() {
      const found = await rows<MemberRow>(sql`
        select t.total, s.max_lease_ms, s.settled, ${epoch} as epoch, m.holder, m.acked
        from ${totals} as t cross join ${settings} as s left join ${members} as m on 1 = 1`);
      const [{ total, max_lease_ms, settled, epoch: present }] = found as [MemberRow];
      const listed = found
        .filter(({ holder }) => holder !== null)
        .map(
          ({ holder, acked }): FeedMember => ({
            holder: bytes.read(holder),
            acked: Number(acked),
          }),
        );
      return {
        total: Number(total),
        members: listed,
        maxLeaseMs: Number(max_lease_ms),
        epoch: bytes.read(present),
        ...(settled === null ? {} : { settled: bytes.read(settled) }),
      };
    },

    async prune(holders, total) {
      const named = holders.filter((holder) => holder !== '*').map(dialect.bytes);
      if (named.length === 0) return;
      await write(sql`delete from ${members}
        where holder in (${sql.join(named)}) and acked < ${total}`);
    },

    async settle(settled) {
      await write(sql`update ${settings} set settled = ${settled}`);
    },
  };
}

interface PollRow {
  readonly total: unknown;
  readonly marks: unknown;
  readonly acked: unknown;
  readonly epoch: unknown;
}

interface ShardRow {
  readonly epoch: unknown;
  readonly id: unknown;
  readonly generation: unknown;
  readonly mark: unknown;
  readonly recent: unknown;
}

interface MemberRow {
  readonly total: unknown;
  readonly max_lease_ms: unknown;
  readonly settled: unknown;
  readonly epoch: unknown;
  readonly holder: unknown;
  readonly acked: unknown;
}

/** The condition for shards whose generation differs from the one that was seen. */
function differing(family: Family, seen: ReadonlyMap<number, number>): RawBuilder<unknown> {
  if (seen.size === 0) return sql`1 = 1`;
  if (family === 'postgres') {
    // One text for all reads, which the server plans once. 128 pairs in the text are planned each time.
    const counts = Array.from({ length: seen.size }, (_, shard) => seen.get(shard) ?? -1);
    return sql`g.generation is distinct from (${`{${counts}}`}::bigint[])[g.id + 1]`;
  }
  const pairs = Array.from(seen, ([shard, count]) => sql`(${shard}, ${count})`);
  const list = family === 'sqlite' ? sql`values ${sql.join(pairs)}` : sql.join(pairs);
  return sql`(g.id, g.generation) not in (${list})`;
}

const GREATEST = {
  postgres: sql`greatest`,
  mysql: sql`greatest`,
  sqlite: sql`max`,
};

/** The exclusive-or of all marks of 64 bits, as 16 hexadecimal digits. */
const XOR = {
  postgres: sql`lpad(to_hex(bit_xor(('x' || mark)::bit(64))::bigint), 16, '0')`,
  mysql: sql`lower(lpad(hex(bit_xor(cast(conv(mark, 16, 10) as unsigned))), 16, '0'))`,
  sqlite: sql`max(mark)`, // of the only row
};

/** Differs after a failover, and fails on a standby of PostgreSQL. SQLite has no failover. */
const EPOCH = {
  postgres: sql`concat_ws(' ', left(pg_walfile_name(pg_current_wal_lsn()), 8), extract(epoch from pg_postmaster_start_time()), (select system_identifier from pg_control_system()))`,
  mysql: sql`concat_ws(' ', @@hostname, @@port, @@server_id)`,
  sqlite: sql`'file'`,
};
