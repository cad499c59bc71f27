import { EMPTY_HEAD } from '../../digest/chain.ts';
import { defined } from '../../json.ts';
import type { ActivityEvent } from '../../record.ts';
import { matchesEvent, matchesKey } from '../../rules/match.ts';
import type { KeyStore, View, ViewQuery } from '../../store.ts';
import { pageOfAll } from '../all-keys.ts';
import { activityCursor, keyCursor, readActivityCursor, readKeyCursor } from '../cursor.ts';
import { pageOf } from '../page.ts';
import { type MemoryTables, placeOf } from './tables.ts';

type Reads = Pick<
  KeyStore,
  'findByDigest' | 'find' | 'view' | 'list' | 'listAll' | 'listActivity' | 'readChain' | 'head'
>;

export function memoryReads(tables: MemoryTables): Reads {
  return {
    findByDigest(digest) {
      return tables.byDigest.get(digest);
    },

    async find(ref) {
      return tables.find(ref);
    },

    async view(query) {
      return viewOf(tables, query);
    },

    async list(query) {
      const { owner, cursor, limit } = query;
      const before = cursor === undefined ? undefined : readKeyCursor(cursor);
      const keys = tables.newestKeys(owner, before);
      return pageOf(keys, (key) => matchesKey(query, key), limit, keyCursor);
    },

    async listAll(query) {
      return pageOfAll(tables.byDigest.values(), query);
    },

    async listActivity(query) {
      const { owner, cursor, limit } = query;
      const before = cursor === undefined ? undefined : readActivityCursor(cursor) - 1;
      const events = tables.eventsOf(owner).slice(0, before).reverse();
      return pageOf(events, (event) => matchesEvent(query, event), limit, activityCursor);
    },

    async readChain(owner, after, limit) {
      return tables.eventsOf(owner).slice(after, after + limit);
    },

    async head(owner) {
      return tables.head(owner);
    },
  };
}

function viewOf(tables: MemoryTables, query: ViewQuery): View {
  if (query.kind === 'key') {
    const key = tables.find(query);
    const successor = key?.replacedBy && tables.find({ id: key.replacedBy });
    const keys = [key, successor || undefined].filter((found) => found !== undefined);
    return { head: key ? tables.head(key.owner) : EMPTY_HEAD, keys, events: [] };
  }
  const { kind, owner } = query;
  const head = tables.head(owner);
  const keys = [...(kind === 'unrevoked' || kind === 'actor' ? tables.newestKeys(owner) : [])];
  if (kind === 'owner') return { head, keys, events: [] };
  if (kind === 'unrevoked') {
    return { head, keys: keys.filter(({ revokedAt }) => revokedAt === undefined), events: [] };
  }
  const { actorId } = query;
  const factor = defined({ factor: tables.factors.get(placeOf({ owner, actorId })) });
  if (kind === 'factor') return { head, keys, events: [], ...factor };
  const isTheirs = ({ actor, erased }: ActivityEvent) =>
    actor.id === actorId && erased === undefined;
  return {
    head,
    keys: keys.filter(({ createdBy }) => createdBy.id === actorId),
    events: tables.eventsOf(owner).filter(isTheirs),
    ...factor,
  };
}
