import { type CompiledQuery, type ExpressionBuilder, sql } from 'kysely';
import { EMPTY_HEAD } from '../../digest/chain.ts';
import type { ActivityEvent, ChainHead, KeyState, Page, StoredKey } from '../../record.ts';
import type { ActivityQuery, KeyQuery, KeyRef } from '../../store.ts';
import { activityCursor, keyCursor, readActivityCursor, readKeyCursor } from '../cursor.ts';
import type { Dialect } from './dialect.ts';
import { headOf } from './locks.ts';
import { read, readFirst, type Script } from './script.ts';
import { events, keys, type Tables } from './tables.ts';

/** The statement of the hot path: its one parameter is the digest. */
export function findByDigest({ build, bytes }: Dialect): CompiledQuery {
  return build
    .selectFrom('keywright_keys')
    .select(keys.columns)
    .where('digest', '=', bytes(''))
    .compile();
}

export function* findKey(
  { build, bytes }: Dialect,
  { id, owner }: KeyRef,
): Script<StoredKey | undefined> {
  let query = build.selectFrom('keywright_keys').select(keys.columns).where('id', '=', bytes(id));
  if (owner !== undefined) query = query.where('owner', '=', bytes(owner));
  const row = yield* readFirst(query);
  return row && keys.read(row);
}

export function* listKeys(dialect: Dialect, query: KeyQuery): Script<Page<StoredKey>> {
  const { build, bytes } = dialect;
  const { owner, cursor, limit, environment, text, expiresBefore, unusedSince } = query;
  let select = build
    .selectFrom('keywright_keys')
    .select(keys.columns)
    .where('owner', '=', bytes(owner))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(sql.lit(limit + 1));
  if (cursor !== undefined) {
    const { createdAt, id } = readKeyCursor(cursor);
    // Not `(created_at, id) < (?, ?)`: MySQL does not read an index by that, and all do by the first.
    select = select
      .where('created_at', '<=', createdAt)
      .where(({ eb, or }) => or([eb('created_at', '<', createdAt), eb('id', '<', bytes(id))]));
  }
  if (environment !== undefined) select = select.where('environment', '=', environment);
  if (query.state !== undefined) select = select.where(inState(query.state, query.now));
  if (text !== undefined) {
    const position = dialect.family === 'postgres' ? 'strpos' : 'instr';
    const folded = text.toLowerCase();
    select = select.where((eb) =>
      eb(eb.fn<number>(position, ['name_folded', eb.val(folded)]), '>', 0),
    );
  }
  if (expiresBefore !== undefined) select = select.where('expires_at', '<', expiresBefore);
  if (unusedSince !== undefined) {
    select = select.where(({ eb, fn }) =>
      eb(fn.coalesce('last_used_at', 'created_at'), '<', unusedSince),
    );
  }
  return pageOf((yield* read(select)).map(keys.read), limit, keyCursor);
}

export function* listActivityOf(
  { build, bytes }: Dialect,
  query: ActivityQuery,
): Script<Page<ActivityEvent>> {
  const { owner, cursor, limit, keyId, action, actorId, from, to } = query;
  let select = build
    .selectFrom('keywright_events')
    .select(events.columns)
    .where('owner', '=', bytes(owner))
    .orderBy('sequence', 'desc')
    .limit(sql.lit(limit + 1));
  if (cursor !== undefined) select = select.where('sequence', '<', readActivityCursor(cursor));
  if (keyId !== undefined) select = select.where('key_id', '=', bytes(keyId));
  if (action !== undefined) select = select.where('action', '=', action);
  if (actorId !== undefined) select = select.where('actor_id', '=', bytes(actorId));
  if (from !== undefined) select = select.where('at', '>=', from);
  if (to !== undefined) select = select.where('at', '<', to);
  return pageOf((yield* read(select)).map(events.read), limit, activityCursor);
}

export function* readChainOf(
  { build, bytes }: Dialect,
  owner: string,
  after: number,
  limit: number,
): Script<ActivityEvent[]> {
  const rows = yield* read(
    build
      .selectFrom('keywright_events')
      .select(events.columns)
      .where('owner', '=', bytes(owner))
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(sql.lit(limit)),
  );
  return rows.map(events.read);
}

export function* headOfOwner({ build, bytes }: Dialect, owner: string): Script<ChainHead> {
  const row = yield* readFirst(
    build
      .selectFrom('keywright_heads')
      .select(['sequence', 'digest'])
      .where('owner', '=', bytes(owner)),
  );
  return row === undefined ? EMPTY_HEAD : headOf(row);
}

/** The condition of `keyState`, as SQL. */
function inState(state: KeyState, now: number) {
  return ({ eb, and, not }: ExpressionBuilder<Tables, 'keywright_keys'>) => {
    const revoked = eb('revoked_at', 'is not', null);
    if (state === 'revoked') return revoked;
    const expired = and([eb('expires_at', 'is not', null), eb('expires_at', '<=', now)]);
    if (state === 'expired') return and([not(revoked), expired]);
    const enabled = eb('enabled', '=', state === 'active' ? 1 : 0);
    return and([not(revoked), not(expired), enabled]);
  };
}

/** @param items one more than the limit, if there are so many */
function pageOf<Item>(items: Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  if (items.length <= limit) return { items };
  const page = items.slice(0, limit);
  return { items: page, cursor: cursorOf(page[limit - 1] as Item) };
}
