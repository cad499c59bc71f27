import type { StoredKey } from 'keywright';
import {
  type AllKeysQuery,
  allKeysCursor,
  type KeyStore,
  matchesKey,
  pageOfAll,
  readAllKeysCursor,
} from 'keywright/store-kit';
import { broken, type Parts, type Promises } from '../fixtures/broken.ts';

type ListAll = NonNullable<KeyStore['listAll']>;

/** Lists across owners in another way. */
function listing(fault: (parts: Parts & { listAll: ListAll }) => ListAll) {
  return broken((parts) => ({
    listAll: fault({ ...parts, listAll: async (query) => pageOfAll(keysOf(parts), query) }),
  }));
}

/** Lists for another query. */
function asking(change: (query: AllKeysQuery) => AllKeysQuery) {
  return listing(
    ({ listAll }) =>
      (query) =>
        listAll(change(query)),
  );
}

/** Lists keys as `seen` makes them. */
function seeing(
  seen: (key: StoredKey, query: AllKeysQuery, parts: Parts) => StoredKey | undefined,
) {
  return listing(
    (parts) => async (query) =>
      pageOfAll(
        keysOf(parts).flatMap((key) => seen(key, query, parts) ?? []),
        query,
      ),
  );
}

/** Lists keys that pass, in one page. */
function passing(passes: (key: StoredKey, query: AllKeysQuery) => boolean) {
  return listing((parts) => async (query) => {
    const { order, now } = query;
    const { items } = pageOfAll(keysOf(parts), { order, now, limit: Number.MAX_SAFE_INTEGER });
    return { items: items.filter((key) => passes(key, query)) };
  });
}

/** Lists by a sort of its own, by a cursor that is the id of the last key. */
function sorted(compare: (one: StoredKey, two: StoredKey, query: AllKeysQuery) => number) {
  return listing((parts) => async (query) => {
    const keys = keysOf(parts).filter(
      (key) => matchesKey(query, key) && (query.order === 'created' || key.expiresAt !== undefined),
    );
    keys.sort((one, two) => compare(one, two, query));
    const start = keys.findIndex(({ id }) => id === query.cursor) + 1;
    const items = keys.slice(start, start + query.limit);
    const last = items.at(-1);
    const isLast = last === undefined || start + query.limit >= keys.length;
    return isLast ? { items } : { items, cursor: last.id };
  });
}

function keysOf({ tables }: Parts): StoredKey[] {
  return [...tables.byDigest.values()];
}

/** The keys as an index of them was at their creation, which no change keeps. */
const former = new WeakMap<Parts['tables'], Map<string, StoredKey>>();

/** What lists across owners promise. */
export const allKeysPromises: Promises = {
  'keys of all owners are listed in an order, in pages that are stable': {
    checks: [
      'returns keys of all owners newest first, in whatever order they were added',
      'returns keys of one millisecond by id descending, byte for byte',
      'returns keys by expiry, the first to expire first, and of one millisecond by id',
      'returns whole keys with their last use, as both handles changed them',
      'orders a key by its expiry after the newest change',
      'returns no key of a commit that failed',
      'returns as many keys as the limit allows, and a cursor with every page but the last',
      'is stable while keys are added',
      'continues after a key that no longer matches the filter',
      'rejects a cursor that no page of the order returned',
    ].map((claim) => `listAll: ${claim}`),
    broken: {
      'lists the keys of one owner': seeing((key, _, { tables }) => {
        const [first] = tables.byDigest.values();
        return key.owner === first?.owner ? key : undefined;
      }),
      'compares times as text': sorted((one, two) =>
        String(one.createdAt) < String(two.createdAt) ? 1 : -1,
      ),
      'compares ids by a collation': sorted(
        (one, two) => two.createdAt - one.createdAt || two.id.localeCompare(one.id, 'en'),
      ),
      'lists newest first whatever the order': sorted((one, two) => two.createdAt - one.createdAt),
      'lists keys without expiry by expiry': seeing((key, { order }) =>
        order === 'expiry' ? { expiresAt: 0, ...key } : key,
      ),
      'leaves the last use out': seeing(({ lastUsedAt: _, ...key }) => key),
      'sorts by the expiry that a key was created with': listing((parts) => async (query) => {
        const first = former.get(parts.tables) ?? new Map<string, StoredKey>();
        former.set(parts.tables, first);
        for (const key of keysOf(parts)) if (!first.has(key.id)) first.set(key.id, key);
        const page = pageOfAll(first.values(), query);
        return {
          ...page,
          items: page.items.map(({ id }) => parts.tables.find({ id }) as StoredKey),
        };
      }),
      'lists keys that were refused': broken((parts) => {
        const refused: StoredKey[] = [];
        return {
          commit: async (change) => {
            const result = await parts.inner.commit(change);
            if (result.status !== 'committed') refused.push(...change.added);
            return result;
          },
          listAll: async (query) => pageOfAll([...keysOf(parts), ...refused], query),
        };
      }),
      'returns one key more than asked for': asking((query) => ({
        ...query,
        limit: query.limit + 1,
      })),
      'returns a cursor with every full page': listing(({ listAll }) => async (query) => {
        const page = await listAll(query);
        const last = page.items.at(-1);
        if (last === undefined || page.items.length < query.limit) return page;
        return { ...page, cursor: allKeysCursor(query.order, last) };
      }),
      'pages by an offset': listing(({ listAll }) => async ({ cursor = '0', ...query }) => {
        const start = Number(cursor);
        const { items } = await listAll({ ...query, limit: Number.MAX_SAFE_INTEGER });
        const end = start + query.limit;
        const page = { items: items.slice(start, end) };
        return end < items.length ? { ...page, cursor: String(end) } : page;
      }),
      'takes a wrong cursor for none': listing(
        ({ listAll }) =>
          ({ cursor, ...query }) =>
            listAll(cursor === undefined ? query : { ...query, cursor }).catch(() =>
              listAll(query),
            ),
      ),
      'takes the cursor of another order': listing(({ listAll }) => ({ cursor, ...query }) => {
        if (cursor === undefined) return listAll(query);
        const place = readAllKeysCursor('created', cursor.replace(/^e/, ''));
        const start = query.order === 'expiry' ? 'e' : '';
        return listAll({ ...query, cursor: `${start}${place.at}.${place.id}` });
      }),
    },
  },

  'filters of keys narrow the list of all owners': {
    checks: [
      'match keys of a creator, compared byte for byte',
      'match keys of a hint, compared byte for byte',
      'match keys created from a moment to before another',
      'match keys that expire from a moment to before another',
      'match keys of an environment, of a state, and with a text in their name',
      'match keys created before a moment and not used since',
      'match only keys for which all of them hold',
    ].map((claim) => `filters of listAll: ${claim}`),
    broken: {
      'compares creators without case': passing(
        ({ createdBy, ...key }, query) =>
          createdBy.id.toLowerCase() === query.createdBy?.toLowerCase() &&
          matchesKey(query, { ...key, createdBy: { id: query.createdBy } }),
      ),
      'compares hints without trailing spaces': passing(
        ({ hint, ...key }, query) =>
          (query.hint === undefined || hint.trimEnd() === query.hint.trimEnd()) &&
          matchesKey(query, { ...key, hint: query.hint ?? hint }),
      ),
      'takes the end of a span of creation for a part of it': asking(
        ({ createdBefore, ...query }) =>
          createdBefore === undefined ? query : { ...query, createdBefore: createdBefore + 1 },
      ),
      'takes the start of a window of expiry for no part of it': asking(
        ({ expiresAfter, ...query }) =>
          expiresAfter === undefined ? query : { ...query, expiresAfter: expiresAfter + 1 },
      ),
      'keeps a key active for its last millisecond': asking((query) => ({
        ...query,
        now: query.now - 1,
      })),
      'tells by the last use alone': passing(
        (key, { unusedSince = Number.POSITIVE_INFINITY, ...query }) =>
          matchesKey(query, key) && (key.lastUsedAt ?? key.createdAt) < unusedSince,
      ),
      'filters by hint alone, where it does': asking((query) => {
        const { environment: _, ...rest } = query;
        return query.hint === undefined ? query : rest;
      }),
      'filters after it has cut the page': listing(({ listAll }) => async (query) => {
        const { order, limit, now, cursor } = query;
        const page = await listAll({ order, limit, now, ...(cursor && { cursor }) });
        return { items: page.items.filter((key) => matchesKey(query, key)) };
      }),
    },
  },
};
