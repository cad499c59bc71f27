import { sql } from 'kysely';
import { EMPTY_HEAD } from '../../digest/chain.ts';
import { KeywrightError } from '../../errors.ts';
import type { ChainHead } from '../../record.ts';
import type { Change, ChangeScope, ViewQuery } from '../../store.ts';
import type { Dialect } from './dialect.ts';
import type { Session, Step } from './engine.ts';
import { failureOf, isLostRace, resultOf } from './failures.ts';
import { headStatement, readHead, rowsOf } from './reads.ts';
import { keys } from './tables.ts';
import { readView, viewAt } from './views.ts';

/** Plans the statements of a commit. */
export type Planner = (change: Change, isJoined: boolean) => Step[];

/** Decides and commits changes within a transaction. Each view locks the owner's head first. */
export function scopeIn(
  dialect: Dialect,
  session: Session,
  plan: Planner,
  { isJoined, held }: { readonly isJoined: boolean; readonly held?: ChainHead },
): ChangeScope {
  let head = held;
  return {
    async view(query) {
      // A transaction of SQLite reads from one snapshot, and locks when it writes.
      if (dialect.family === 'sqlite') return readView(dialect, session, query);
      const owner = query.owner ?? (await ownerOf(dialect, session, query));
      if (owner === undefined) return { head: EMPTY_HEAD, keys: [], events: [] };
      head ??= await lockHead(dialect, session, owner, query.kind !== 'key');
      const seen = head;
      if (isJoined) head = undefined;
      return viewAt(dialect, session, query, seen, true);
    },
    async commit(change) {
      const result = await resultOf(dialect.family, () => session.commit(plan(change, isJoined)));
      head = undefined; // it has moved, or the rollback of the commit has released its lock
      return result;
    },
  };
}

/** Locks an owner's head while `work` decides and commits. */
export async function holding<Outcome>(
  dialect: Dialect,
  session: Session,
  plan: Planner,
  owner: string,
  work: (held: ChangeScope) => Promise<Outcome>,
): Promise<Outcome> {
  const held = await lockHead(dialect, session, owner, true);
  const own: Session = {
    ...session,
    run: (statement) =>
      session.run(statement).catch((error: unknown) => {
        throw holdFailure(dialect, error);
      }),
  };
  return work(scopeIn(dialect, own, plan, { isJoined: false, held }));
}

/** Converts the error of a hold. A lost race becomes `change_contended`, which is retried. */
export function holdFailure(dialect: Dialect, error: unknown): unknown {
  if (!isLostRace(dialect.family, error)) return failureOf(dialect.family, error);
  return new KeywrightError('change_contended', 'another change of the owner came first', {
    cause: error,
  });
}

/** Reads the owner of a key. It never changes, so any version of the row will do. */
async function ownerOf(dialect: Dialect, session: Session, query: ViewQuery) {
  if (query.kind !== 'key') return query.owner;
  const select = dialect.build
    .selectFrom('keywright_keys')
    .select('owner')
    .where('id', '=', dialect.bytes(query.id));
  const locked = dialect.family === 'mysql' ? select.forUpdate() : select;
  const [row] = await rowsOf<{ owner: unknown }>(session, locked);
  return row && (keys.codecs.get('owner')?.read(row.owner) as string | undefined);
}

/**
 * Locks the owner's head and returns it.
 *
 * @param creates whether to create and lock a head of sequence 0 for an owner without a head
 */
async function lockHead(
  dialect: Dialect,
  session: Session,
  owner: string,
  creates: boolean,
): Promise<ChainHead> {
  if (dialect.family === 'mysql') {
    // Inserts first: locking an absent row would lock a gap, and end in a deadlock.
    if (creates) await session.run(emptyHead(dialect, owner));
    return readHead((await session.run(LOCK_HEAD.mysql(dialect, owner))).rows[0]);
  }
  const lock = LOCK_HEAD.postgres(dialect, owner);
  const [row] = (await session.run(lock)).rows;
  if (row !== undefined || !creates) return readHead(row);
  await session.run(emptyHead(dialect, owner));
  return readHead((await session.run(lock)).rows[0]);
}

const LOCK_HEAD = {
  mysql: headStatement((select) => select.forUpdate()),
  postgres: headStatement((select) => select.forNoKeyUpdate()),
};

function emptyHead(dialect: Dialect, owner: string) {
  const { build, bytes, family } = dialect;
  const { sequence, digest } = EMPTY_HEAD;
  const insert = build
    .insertInto('keywright_heads')
    .values({ owner: bytes(owner), sequence, digest: bytes(digest), pending: 0 });
  return family === 'mysql'
    ? insert.onDuplicateKeyUpdate({ owner: sql.ref('owner') }).compile()
    : insert.onConflict((conflict) => conflict.doNothing()).compile();
}
