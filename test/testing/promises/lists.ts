import type { StoredKey } from 'keywright';
import { type KeyQuery, keyCursor, matchesKey, readKeyCursor } from 'keywright/store-kit';
import { broken, type Parts, type Promises } from '../fixtures/broken.ts';

/** Lists keys for another query. */
function asking(change: (query: KeyQuery) => KeyQuery) {
  return broken(({ inner }) => ({ list: async (query) => inner.list(change(query)) }));
}

/** Lists the owner's keys that pass, in one page. */
function passing(passes: (key: StoredKey, query: KeyQuery) => boolean) {
  return broken(({ tables }) => ({
    list: async (query) => {
      const keys = tables.keysOf(query.owner).reverse();
      return { items: keys.filter((key) => passes(key, query)) };
    },
  }));
}

/** Lists keys in another order, by a cursor that is the id of the last one. */
function ordered(compare: (one: StoredKey, two: StoredKey, parts: Parts) => number) {
  return broken((parts) => ({
    list: async (query) => {
      const keys = parts.tables.keysOf(query.owner).filter((key) => matchesKey(query, key));
      keys.sort((one, two) => compare(one, two, parts));
      const start = keys.findIndex(({ id }) => id === query.cursor) + 1;
      const items = keys.slice(start, start + query.limit);
      const last = items.at(-1);
      const ends = start + query.limit >= keys.length;
      return last === undefined || ends ? { items } : { items, cursor: last.id };
    },
  }));
}

/** What lists promise. */
export const listPromises: Promises = {
  'keys are listed newest first, in pages that are stable': {
    checks: [
      'list: returns the newest first, in whatever order keys were added',
      'list: returns keys of one millisecond by id descending, byte for byte',
      'list: returns no key of another owner',
      'list: returns as many keys as the limit allows',
      'list: returns a cursor with every page but the last',
      'list: is stable while keys are added',
      'list: continues after a key that no longer matches the filter',
      'list: rejects a cursor that no page returned',
      "list: returns no key of another owner for another owner's cursor",
    ],
    broken: {
      'compares times as text': ordered((one, two) =>
        String(one.createdAt) < String(two.createdAt) ? 1 : -1,
      ),
      'compares ids by a collation': ordered(
        (one, two) => two.createdAt - one.createdAt || two.id.localeCompare(one.id, 'en'),
      ),
      'pages by the time alone': asking(({ cursor, ...query }) =>
        cursor === undefined
          ? query
          : { ...query, cursor: keyCursor({ ...readKeyCursor(cursor), id: ' ' }) },
      ),
      'lists the keys of all owners': broken(({ inner, tables }) => ({
        list: async (query) => {
          const keys = [...tables.byDigest.values()].sort((a, b) => b.createdAt - a.createdAt);
          return query.cursor === undefined ? { items: keys } : inner.list(query);
        },
      })),
      'returns one key more than asked for': asking((query) => ({
        ...query,
        limit: query.limit + 1,
      })),
      'returns 50 keys at most': asking((query) => ({
        ...query,
        limit: Math.min(query.limit, 50),
      })),
      'returns a cursor with every full page': broken(({ inner }) => ({
        list: async (query) => {
          const page = await inner.list(query);
          const last = page.items.at(-1);
          if (last === undefined || page.items.length < query.limit) return page;
          return { ...page, cursor: keyCursor(last) };
        },
      })),
      'pages by an offset': broken(({ tables }) => ({
        list: async ({ owner, limit, cursor = '0' }) => {
          const start = Number(cursor);
          const keys = tables.keysOf(owner).reverse();
          const items = keys.slice(start, start + limit);
          return start + limit < keys.length ? { items, cursor: String(start + limit) } : { items };
        },
      })),
      'begins anew where the key of the cursor is gone': ordered(
        (one, two) => two.createdAt - one.createdAt,
      ),
      'takes a wrong cursor for none': broken(({ inner }) => ({
        list: ({ cursor, ...query }) =>
          inner
            .list(cursor === undefined ? query : { ...query, cursor })
            .catch(() => inner.list(query)),
      })),
      'goes on in the list of the cursor': broken(({ inner, tables }) => ({
        list: ({ cursor, owner, ...query }) => {
          if (cursor === undefined) return inner.list({ ...query, owner });
          const key = tables.find({ id: readKeyCursor(cursor).id });
          return inner.list({ ...query, cursor, owner: key?.owner ?? owner });
        },
      })),
    },
  },

  'filters of keys narrow the list': {
    checks: [
      'filters of list: match keys of an environment',
      'filters of list: match keys of a state at the time of the query',
      'filters of list: match keys whose name contains a text, in any case',
      'filters of list: match text literally, including wildcards',
      'filters of list: match keys that expire before a moment',
      'filters of list: match keys created before a moment and not used since',
      'filters of list: match only keys for which all of them hold',
    ],
    broken: {
      'compares environments by their start': passing(({ environment }, query) =>
        environment.startsWith(query.environment ?? ''),
      ),
      'keeps a key active for its last millisecond': asking((query) => ({
        ...query,
        now: query.now - 1,
      })),
      'lists every disabled key as disabled': passing((key, query) =>
        query.state === 'disabled' ? !key.enabled : matchesKey(query, key),
      ),
      'ignores case in ASCII alone': passing(({ name }, { text = '' }) => {
        const fold = (given: string) => given.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
        return fold(name).includes(fold(text));
      }),
      'takes text as a pattern': passing(({ name }, { text = '' }) => {
        const escaped = text.replace(/[.*^?[\]\\]/g, '\\$&');
        return new RegExp(escaped.replace(/%/g, '.*').replace(/_/g, '.')).test(name);
      }),
      'takes a key without expiry for one that expires at 0': passing((key, query) =>
        query.expiresBefore === undefined
          ? matchesKey(query, key)
          : (key.expiresAt ?? 0) < query.expiresBefore,
      ),
      'takes every unused key for long unused': passing((key, query) =>
        query.unusedSince === undefined
          ? matchesKey(query, key)
          : (key.lastUsedAt ?? 0) < query.unusedSince,
      ),
      'filters by state alone, where it does': asking(({ environment, ...query }) =>
        query.state || environment === undefined ? query : { ...query, environment },
      ),
      'filters after it has cut the page': broken(({ inner }) => ({
        list: async (query) => {
          const { owner, limit, now, cursor } = query;
          const page = await inner.list({ owner, limit, now, ...(cursor && { cursor }) });
          return { items: page.items.filter((key) => matchesKey(query, key)) };
        },
      })),
    },
  },
};
