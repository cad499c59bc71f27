import { sql } from 'kysely';
import { EMPTY_HEAD } from '../../digest/chain.ts';
import type { ChainHead, Page } from '../../record.ts';
import type { ActivityQuery, KeyStore } from '../../store.ts';
import { activityCursor, allKeysCursor, keyCursor, readActivityCursor } from '../cursor.ts';
import { bytes as bytesCodec } from './codec.ts';
import { builtOnce, type Dialect } from './dialect.ts';
import type { Session, Statement } from './engine.ts';
import { listAllKeys, listKeys } from './list-keys.ts';
import { selectKeys } from './select-keys.ts';
import { events, keys, readKey, verifiableKeys } from './tables.ts';

type Reads = Pick<KeyStore, 'find' | 'list' | 'listAll' | 'listActivity' | 'readChain' | 'head'>;

/** All reads but the view and the look-up by digest. */
export function sqlReads(dialect: Dialect, session: Session): Reads {
  return {
    async find(ref) {
      const parameters = [ref.id, ref.owner]
        .filter((text) => text !== undefined)
        .map(dialect.bytes);
      const text = ref.owner === undefined ? findKey(dialect) : findOwnersKey(dialect);
      const { rows } = await session.run({
        sql: text,
        parameters,
        isPrepared: true,
        atMostOne: 'id',
      });
      return rows.length === 0 ? undefined : readKey(rows[0]);
    },
    async list(query) {
      const rows = await rowsOf(session, listKeys(dialect, query));
      return pageOf(rows.map(readKey), query.limit, keyCursor);
    },
    async listAll(query) {
      const rows = await rowsOf(session, listAllKeys(dialect, query));
      return pageOf(rows.map(readKey), query.limit, (key) => allKeysCursor(query.order, key));
    },
    async listActivity(query) {
      const rows = await rowsOf(session, listEvents(dialect, query));
      return pageOf(rows.map(events.read), query.limit, activityCursor);
    },
    async readChain(owner, after, limit) {
      const chain = eventsOf(dialect, owner)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(sql.lit(limit));
      return (await rowsOf(session, chain)).map(events.read);
    },
    head: (owner) => readHeadOf(dialect, session, owner),
  };
}

/** Runs a built query, and returns its rows. */
export async function rowsOf<Row>(
  session: Session,
  query: { compile(): Statement },
): Promise<readonly Row[]> {
  const { sql: text, parameters } = query.compile();
  const { rows } = await session.run({ sql: text, parameters });
  return rows as readonly Row[];
}

/** The look-up of verifications, which reads one table. Its only parameter is the digest. */
export function findByDigest(dialect: Dialect): string {
  return selectVerifiable(dialect).where('digest', '=', dialect.bytes('')).compile().sql;
}

/** The same look-up for an array of digests, for PostgreSQL. */
export function findByDigests(dialect: Dialect): string {
  return selectVerifiable(dialect).where(sql<boolean>`digest = any(${[]})`).compile().sql;
}

function selectVerifiable({ build }: Dialect) {
  return build.selectFrom('keywright_keys').select(verifiableKeys.columns);
}

/** Selects keys and locks their rows. Rows of last use stay unlocked, so that flushes do not wait. */
export function lockKeys({ build }: Dialect) {
  return build
    .selectFrom('keywright_keys as k')
    .select(keys.columns.map((column) => `k.${column}` as const))
    .select(({ selectFrom }) =>
      selectFrom('keywright_usage as u')
        .select('u.at')
        .whereRef('u.id', '=', 'k.id')
        .as('last_used_at'),
    )
    .forUpdate();
}

export function eventsOf({ build, bytes }: Dialect, owner: string) {
  return build
    .selectFrom('keywright_events')
    .select(events.columns)
    .where('owner', '=', bytes(owner));
}

/** Creates a statement that reads an owner's head. `query` completes the select. */
export function headStatement(
  query: (select: ReturnType<typeof selectHead>) => { compile(): { readonly sql: string } },
): (dialect: Dialect, owner: string) => Statement {
  const text = builtOnce((dialect) => query(selectHead(dialect)));
  return (dialect, owner) => ({
    sql: text(dialect),
    parameters: [dialect.bytes(owner)],
    isPrepared: true,
    atMostOne: 'sequence',
  });
}

function selectHead({ build, bytes }: Dialect) {
  return build
    .selectFrom('keywright_heads')
    .select(['sequence', 'digest'])
    .where('owner', '=', bytes(''));
}

const headOf = headStatement((select) => select);

export async function readHeadOf(
  dialect: Dialect,
  session: Session,
  owner: string,
): Promise<ChainHead> {
  const { rows } = await session.run(headOf(dialect, owner));
  return readHead(rows[0]);
}

/** Reads a head from its columns; `EMPTY_HEAD` without a row. */
export function readHead(row: unknown): ChainHead {
  if (row === undefined) return EMPTY_HEAD;
  const { sequence, digest } = row as { readonly sequence: unknown; readonly digest: unknown };
  return { sequence: Number(sequence), digest: bytesCodec.read(digest) };
}

const findKey = builtOnce((dialect) => selectKeys(dialect).where('k.id', '=', dialect.bytes('')));

const findOwnersKey = builtOnce((dialect) =>
  selectKeys(dialect)
    .where('k.id', '=', dialect.bytes(''))
    .where('k.owner', '=', dialect.bytes('')),
);

function listEvents(dialect: Dialect, query: ActivityQuery) {
  const { bytes } = dialect;
  const { owner, cursor, limit, keyId, action, actorId, from, to } = query;
  let select = eventsOf(dialect, owner)
    .orderBy('sequence', 'desc')
    .limit(sql.lit(limit + 1));
  if (cursor !== undefined) select = select.where('sequence', '<', readActivityCursor(cursor));
  if (keyId !== undefined) select = select.where('key_id', '=', bytes(keyId));
  if (action !== undefined) select = select.where('action', '=', action);
  if (actorId !== undefined) select = select.where('actor_id', '=', bytes(actorId));
  if (from !== undefined) select = select.where('at', '>=', from);
  if (to !== undefined) select = select.where('at', '<', to);
  return select;
}

/** @param items at most one more than the limit */
function pageOf<Item>(items: Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  if (items.length <= limit) return { items };
  const page = items.slice(0, limit);
  return { items: page, cursor: cursorOf(page[limit - 1] as Item) };
}
