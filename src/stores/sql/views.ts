import { EMPTY_HEAD } from '../../digest/chain.ts';
import type { ActivityEvent, ChainHead, StoredKey } from '../../record.ts';
import type { View, ViewQuery } from '../../store.ts';
import { builtOnce, type Dialect } from './dialect.ts';
import type { Session } from './engine.ts';
import { eventsOf, lockKeys, readHead, readHeadOf, rowsOf } from './reads.ts';
import { selectKeys } from './select-keys.ts';
import { events, factors, readKey } from './tables.ts';

/** Reads a view outside a transaction, by one statement. A view for bulk changes reads the head first. */
export async function readView(
  dialect: Dialect,
  session: Session,
  query: ViewQuery,
): Promise<View> {
  if (query.kind === 'key') return keyView(dialect, session, query);
  if (query.kind === 'factor') return factorView(dialect, session, query);
  const head = await readHeadOf(dialect, session, query.owner);
  return viewAt(dialect, session, query, head, false);
}

/** Reads the rest of a view whose head has already been read or locked. */
export async function viewAt(
  dialect: Dialect,
  session: Session,
  query: ViewQuery,
  head: ChainHead,
  isLocked: boolean,
): Promise<View> {
  const empty = { head, keys: [], events: [] };
  if (query.kind === 'owner') return empty;
  // A joined transaction of MySQL reads from a snapshot that may be older than the lock.
  const lock = isLocked && dialect.family === 'mysql';
  if (query.kind === 'key') {
    const keys = await keyAndSuccessor(dialect, session, query, lock);
    return { ...empty, keys, ...(keys.length === 0 ? { head: EMPTY_HEAD } : {}) };
  }
  const read = { dialect, session, lock };
  if (query.kind === 'factor') return { ...empty, ...(await readFactor(read, query)) };
  const keys = await ownedKeys(read, query);
  if (query.kind === 'unrevoked') return { ...empty, keys };
  return {
    ...empty,
    keys,
    events: await actorsEvents(read, query),
    ...(await readFactor(read, query)),
  };
}

type KeyView = Extract<ViewQuery, { kind: 'key' }>;
type FactorView = Extract<ViewQuery, { kind: 'factor' }>;
type ActorView = Extract<ViewQuery, { kind: 'actor' }>;

interface Read {
  readonly dialect: Dialect;
  readonly session: Session;
  readonly lock: boolean;
}

/** Selects a key and its successor, each with the head of its owner. */
const KEY_VIEW = builtOnce((dialect) => {
  const none = dialect.bytes('');
  const select = selectKeys(dialect)
    .leftJoin('keywright_heads as h', 'h.owner', 'k.owner')
    .select(['h.sequence as head_sequence', 'h.digest as head_digest']);
  const successor = dialect.build
    .selectFrom('keywright_keys as p')
    .select('p.replaced_by')
    .where('p.id', '=', none);
  return select.where('k.id', '=', none).unionAll(select.where('k.id', '=', successor));
});

async function keyView(dialect: Dialect, session: Session, ref: KeyView): Promise<View> {
  const id = dialect.bytes(ref.id);
  const statement = { sql: KEY_VIEW(dialect), parameters: [id, id], isPrepared: true };
  const { rows } = await session.run(statement);
  const keys = ordered(rows.map(readKey), ref);
  const head = keys.length === 0 ? EMPTY_HEAD : headOfColumns(rows[0] as HeadColumns);
  return { head, keys, events: [] };
}

/** Returns the key, followed by its successor; nothing if the key belongs to another owner. */
function ordered(found: readonly StoredKey[], { id, owner }: KeyView): StoredKey[] {
  const key = found.find((one) => one.id === id);
  if (key === undefined || (owner !== undefined && key.owner !== owner)) return [];
  return [key, ...found.filter((one) => one.id !== id)];
}

async function keyAndSuccessor(
  dialect: Dialect,
  session: Session,
  ref: KeyView,
  lock: boolean,
): Promise<StoredKey[]> {
  if (!lock) return [...(await keyView(dialect, session, ref)).keys];
  const find = async (id: string) => {
    const [row] = await rowsOf(session, lockKeys(dialect).where('k.id', '=', dialect.bytes(id)));
    return row === undefined ? [] : [readKey(row)];
  };
  const key = ordered(await find(ref.id), ref);
  const successor = key[0]?.replacedBy;
  return successor === undefined ? key : [...key, ...(await find(successor))];
}

interface HeadColumns {
  readonly head_sequence: unknown;
  readonly head_digest: unknown;
}

function headOfColumns(row: HeadColumns | undefined): ChainHead {
  if (row === undefined || row.head_sequence === null) return EMPTY_HEAD;
  return readHead({ sequence: row.head_sequence, digest: row.head_digest });
}

const FACTOR_VIEW = builtOnce(({ build, bytes }) =>
  build
    .selectFrom('keywright_heads as h')
    .leftJoin('keywright_factors as f', (join) =>
      join.onRef('f.owner', '=', 'h.owner').on('f.actor_id', '=', bytes('')),
    )
    .select(['h.sequence as head_sequence', 'h.digest as head_digest'])
    .select(factors.columns.map((column) => `f.${column}` as const))
    .where('h.owner', '=', bytes('')),
);

async function factorView(dialect: Dialect, session: Session, query: FactorView): Promise<View> {
  const parameters = [query.actorId, query.owner].map(dialect.bytes);
  const statement = { sql: FACTOR_VIEW(dialect), parameters, isPrepared: true };
  const [row] = (await session.run(statement)).rows as (HeadColumns & { version: unknown })[];
  return { head: headOfColumns(row), keys: [], events: [], ...factorOf(row) };
}

async function readFactor(
  { dialect, session, lock }: Read,
  { owner, actorId }: FactorView | ActorView,
) {
  const select = dialect.build
    .selectFrom('keywright_factors')
    .select(factors.columns)
    .where('owner', '=', dialect.bytes(owner))
    .where('actor_id', '=', dialect.bytes(actorId));
  const [row] = await rowsOf<{ version: unknown }>(session, lock ? select.forUpdate() : select);
  return factorOf(row);
}

function factorOf(row: { readonly version: unknown } | undefined) {
  if (row === undefined || row.version === null) return {};
  const { version, value } = factors.read(row);
  return { factor: { version, value } };
}

async function ownedKeys(
  { dialect, session, lock }: Read,
  query: Extract<ViewQuery, { kind: 'unrevoked' | 'actor' }>,
): Promise<StoredKey[]> {
  const { bytes } = dialect;
  const all = lock ? lockKeys(dialect) : selectKeys(dialect);
  const owned = all.where('k.owner', '=', bytes(query.owner));
  const select =
    query.kind === 'unrevoked'
      ? owned.where('k.revoked_at', 'is', null)
      : owned.where('k.created_by_id', '=', bytes(query.actorId));
  return (await rowsOf(session, select)).map(readKey);
}

async function actorsEvents(
  { dialect, session, lock }: Read,
  { owner, actorId }: ActorView,
): Promise<ActivityEvent[]> {
  const select = eventsOf(dialect, owner)
    .where('actor_id', '=', dialect.bytes(actorId))
    .where('erased', 'is', null);
  return (await rowsOf(session, lock ? select.forUpdate() : select)).map(events.read);
}
