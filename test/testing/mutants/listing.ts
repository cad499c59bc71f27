import type { KeyQuery, StoredKey } from 'keywright';
import { keyCursor, readKeyCursor } from '../../../src/stores/cursor.ts';
import { matchesKey } from '../../../src/stores/match.ts';
import { type Mutants, mutant, type Parts } from './mutant.ts';

/** Lists keys in another order, by a cursor that is the id of the last one. */
function ordered({ tables }: Parts, compare: (one: StoredKey, two: StoredKey) => number) {
  return {
    list: async (query: KeyQuery) => {
      const keys = tables.keysOf(query.owner).filter((key) => matchesKey(query, key));
      keys.sort(compare);
      const start = keys.findIndex(({ id }) => id === query.cursor) + 1;
      const items = keys.slice(start, start + query.limit);
      const last = items.at(-1);
      const ends = start + query.limit >= keys.length;
      return last === undefined || ends ? { items } : { items, cursor: last.id };
    },
  };
}

/** The query is another. */
export function asked({ inner }: Parts, change: (query: KeyQuery) => KeyQuery) {
  return { list: async (query: KeyQuery) => inner.list(change(query)) };
}

export const listMutants: Mutants = {
  'lists in the order of insertion': mutant(
    { list: ['gives newest first, in whatever order keys were added'] },
    (parts) => {
      const ids: string[] = [];
      return {
        ...ordered(parts, (one, two) => ids.indexOf(two.id) - ids.indexOf(one.id)),
        create: async (key, trace) => {
          await parts.inner.create(key, trace);
          ids.push(key.id);
        },
      };
    },
  ),

  'compares times as text': mutant(
    { list: ['gives newest first, in whatever order keys were added'] },
    (parts) =>
      ordered(parts, (one, two) => (String(one.createdAt) < String(two.createdAt) ? 1 : -1)),
  ),

  'compares ids by a collation': mutant(
    { list: ['gives keys of one millisecond by id descending, byte for byte'] },
    (parts) =>
      ordered(
        parts,
        (one, two) => two.createdAt - one.createdAt || two.id.localeCompare(one.id, 'en'),
      ),
  ),

  'pages by the time alone': mutant(
    { list: ['gives keys of one millisecond by id descending, byte for byte'] },
    (parts) =>
      asked(parts, ({ cursor, ...query }) =>
        cursor === undefined
          ? query
          : { ...query, cursor: keyCursor({ ...readKeyCursor(cursor), id: ' ' }) },
      ),
  ),

  'lists the keys of all owners': mutant(
    { list: ['gives no key of another owner'] },
    ({ inner, tables }) => ({
      list: async (query) => {
        const keys = [...tables.byDigest.values()].sort((a, b) => b.createdAt - a.createdAt);
        return query.cursor === undefined ? { items: keys } : inner.list(query);
      },
    }),
  ),

  'gives one key more than asked for': mutant(
    { list: ['gives as many keys as the limit allows'] },
    (parts) => asked(parts, (query) => ({ ...query, limit: query.limit + 1 })),
  ),

  'gives 50 keys at most': mutant({ list: ['gives as many keys as the limit allows'] }, (parts) =>
    asked(parts, (query) => ({ ...query, limit: Math.min(query.limit, 50) })),
  ),

  'gives a cursor with every full page': mutant(
    { list: ['gives a cursor with every page but the last'] },
    ({ inner }) => ({
      list: async (query) => {
        const { items, cursor } = await inner.list(query);
        const last = items.at(-1);
        const full = last !== undefined && items.length === query.limit;
        return cursor === undefined && !full
          ? { items }
          : { items, cursor: keyCursor(last as never) };
      },
    }),
  ),

  'pages by an offset': mutant({ list: ['is stable while keys are added'] }, ({ tables }) => ({
    list: async ({ owner, limit, cursor = '0' }) => {
      const start = Number(cursor);
      const keys = tables.keysOf(owner).reverse();
      const items = keys.slice(start, start + limit);
      return start + limit < keys.length ? { items, cursor: String(start + limit) } : { items };
    },
  })),

  'begins anew where the key of the cursor is gone': mutant(
    { list: ['goes on behind a key that no longer passes the filter'] },
    (parts) => ordered(parts, (one, two) => two.createdAt - one.createdAt),
  ),

  'takes a wrong cursor for none': mutant(
    { list: ['rejects a cursor that no page gave'] },
    ({ inner }) => ({
      list: ({ cursor, ...query }) =>
        inner
          .list(cursor === undefined ? query : { ...query, cursor })
          .catch(() => inner.list(query)),
    }),
  ),

  'goes on in the list of the cursor': mutant(
    { list: ["gives no key of another owner for another owner's cursor"] },
    ({ inner, tables }) => ({
      list: ({ cursor, owner, ...query }) => {
        if (cursor === undefined) return inner.list({ ...query, owner });
        const key = tables.find({ id: readKeyCursor(cursor).id });
        return inner.list({ ...query, cursor, owner: key?.owner ?? owner });
      },
    }),
  ),
};
