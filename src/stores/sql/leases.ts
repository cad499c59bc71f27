import { sql } from 'kysely';
import { monotonicMs } from '../../clock.ts';
import { bytes as bytesCodec } from './codec.ts';
import type { Dialect } from './dialect.ts';
import { read, readFirst, type Script, write } from './script.ts';

/** The channel of PostgreSQL's NOTIFY on which a change is told. */
export const CHANNEL = 'keywright_changes';

const ONLY_ROW = 1;

/** A lease that a change has to wait for, and until when at the latest. */
export interface OlderLease {
  readonly holder: string;
  readonly grantId: string;
  /** In milliseconds of the own monotonic clock. */
  readonly endsAt: number;
}

/** A generation, and the leases that were granted under an earlier one. */
export interface Turn {
  readonly generation: number;
  readonly older: readonly OlderLease[];
}

/**
 * Raises the generation, as the last lock that a mutation takes. A lease is granted under a shared
 * lock on the same row: it was there before, and is among the older ones, or sees the new generation.
 */
export function* raiseGeneration(dialect: Dialect): Script<Turn | undefined> {
  const { build, family, leases } = dialect;
  if (!leases) return undefined;
  const raise = build
    .updateTable('keywright_generation')
    .set(({ eb }) => ({ generation: eb('generation', '+', 1) }))
    .where('id', '=', ONLY_ROW);
  if (family !== 'postgres') {
    yield* write(raise);
    return yield* presentTurn(dialect);
  }
  // NOTIFY is sent when the transaction commits, the host's own too.
  const raised = yield* readFirst(
    build
      .with('raised', () => raise.returning('generation'))
      .selectFrom('raised')
      .select(['generation', sql`pg_notify(${sql.lit(CHANNEL)}, '')`.as('told')]),
  );
  // Not in the same statement: that has looked at the leases before it waited for the lock.
  return yield* turnOf(dialect, Number(raised?.generation));
}

/** The present generation, and the leases that are older. */
export function* presentTurn(dialect: Dialect): Script<Turn | undefined> {
  if (!dialect.leases) return undefined;
  return yield* turnOf(dialect, yield* generationOf(dialect));
}

/** Which of the leases are still there, under a generation before the given one. */
export function* grantsBefore({ build }: Dialect, generation: number): Script<ReadonlySet<string>> {
  const rows = yield* read(
    build.selectFrom('keywright_leases').select('grant_id').where('seen', '<', generation),
  );
  return new Set(rows.map(({ grant_id }) => bytesCodec.read(grant_id)));
}

/**
 * Grants a lease if the holder has seen the present generation, and gives that, with the milliseconds
 * that are granted.
 *
 * A holder that asks twice within a generation may not have heard the second answer, and go by the
 * first: of the two leases, the longer one counts.
 */
export function* grantLease(
  dialect: Dialect,
  lease: { holder: string; grantId: string; seen: number; leaseMs: number },
): Script<{ generation: number; grantedMs: number }> {
  const { build, bytes } = dialect;
  const { seen } = lease;
  const holder = bytes(lease.holder);
  const generation = yield* generationOf(dialect, true);
  if (generation !== seen) return { generation, grantedMs: 0 };
  const before = yield* readFirst(
    build
      .selectFrom('keywright_leases')
      .select('lease_ms')
      .where('holder', '=', holder)
      .where('seen', '=', seen),
  );
  const grantedMs = Math.max(lease.leaseMs, Number(before?.lease_ms ?? 0));
  yield* dropLease(dialect, lease.holder);
  yield* write(
    build.insertInto('keywright_leases').values({
      ...{ holder, grant_id: bytes(lease.grantId), seen, lease_ms: grantedMs },
    }),
  );
  return { generation, grantedMs };
}

/** Takes a holder's lease away, or only the one with the given grant. */
export function* dropLease(
  { build, bytes }: Dialect,
  holder: string,
  grantId?: string,
): Script<void> {
  const drop = build.deleteFrom('keywright_leases').where('holder', '=', bytes(holder));
  yield* write(grantId === undefined ? drop : drop.where('grant_id', '=', bytes(grantId)));
}

function* turnOf({ build }: Dialect, generation: number): Script<Turn> {
  const rows = yield* read(
    build
      .selectFrom('keywright_leases')
      .select(['holder', 'grant_id', 'lease_ms'])
      .where('seen', '<', generation),
  );
  // The holder counts from before the lease was written, and so from before it was read here. No
  // clock but the own tells when it has run out: that of the database may be set at any time.
  const now = monotonicMs();
  const older = rows.map(({ holder, grant_id, lease_ms }) => ({
    holder: bytesCodec.read(holder),
    grantId: bytesCodec.read(grant_id),
    endsAt: now + Number(lease_ms),
  }));
  return { generation, older };
}

/**
 * How often a verdict was turned.
 *
 * @param held whether it must not be raised before the transaction ends
 */
export function* generationOf({ build, family }: Dialect, held = false): Script<number> {
  let query = build
    .selectFrom('keywright_generation')
    .select('generation')
    .where('id', '=', ONLY_ROW);
  if (held && family === 'postgres') query = query.forShare();
  // MySQL would know FOR SHARE too, MariaDB does not.
  if (held && family === 'mysql') query = query.modifyEnd(sql`lock in share mode`);
  return Number((yield* readFirst(query))?.generation);
}
