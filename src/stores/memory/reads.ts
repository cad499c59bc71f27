import type { Page } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { activityCursor, keyCursor, readActivityCursor, readKeyCursor } from '../cursor.ts';
import { matchesEvent, matchesKey } from '../match.ts';
import { refuseTransaction } from '../no-transaction.ts';
import type { MemoryTables } from './tables.ts';

type Reads = Pick<
  KeyStore,
  'findByDigest' | 'find' | 'list' | 'listActivity' | 'readChain' | 'head'
>;

export function memoryReads(tables: MemoryTables): Reads {
  return {
    findByDigest(digest) {
      return tables.byDigest.get(digest);
    },

    async find(ref, options) {
      refuseTransaction(options);
      return tables.find(ref);
    },

    async list(query) {
      const { owner, cursor, limit } = query;
      const before = cursor === undefined ? undefined : readKeyCursor(cursor);
      const keys = tables.newestKeys(owner, before);
      return pageOf(keys, (key) => matchesKey(query, key), limit, keyCursor);
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

/** The first items that pass, and a cursor if another passes after them. */
function pageOf<Item>(
  items: Iterable<Item>,
  passes: (item: Item) => boolean,
  limit: number,
  cursorOf: (item: Item) => string,
): Page<Item> {
  const page: Item[] = [];
  for (const item of items) {
    if (!passes(item)) continue;
    const last = page.at(-1);
    if (page.length === limit && last !== undefined) return { items: page, cursor: cursorOf(last) };
    page.push(item);
  }
  return { items: page };
}
