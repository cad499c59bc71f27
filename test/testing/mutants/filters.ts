import type { KeyQuery, StoredKey } from 'keywright';
import { matchesKey } from '../../../src/stores/match.ts';
import { asked } from './listing.ts';
import { type Mutants, mutant, type Parts } from './mutant.ts';

const filter = (claim: string) => ({ 'filters of list': [claim] });

export const filterMutants: Mutants = {
  'compares environments by their start': mutant(
    filter('pass keys of an environment'),
    ({ tables }) => ({
      list: async ({ environment = '', owner }) => ({
        items: tables
          .keysOf(owner)
          .reverse()
          .filter((key) => key.environment.startsWith(environment)),
      }),
    }),
  ),

  'lets a key live for its last millisecond': mutant(
    filter('pass keys of a state, told by now'),
    (parts) => asked(parts, (query) => ({ ...query, now: query.now - 1 })),
  ),

  'takes every disabled key for disabled': mutant(
    filter('pass keys of a state, told by now'),
    ({ inner, tables }) => ({
      list: async (query) =>
        query.state === 'disabled'
          ? { items: tables.keysOf(query.owner).filter(({ enabled }) => !enabled) }
          : inner.list(query),
    }),
  ),

  'ignores case in ASCII alone': mutant(
    filter('pass keys whose name holds a text in whatever case'),
    (parts) => named(parts, (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
  ),

  'folds more than case': mutant(
    filter('pass keys whose name holds a text in whatever case'),
    (parts) => named(parts, (text) => text.normalize('NFKD').toUpperCase().toLowerCase()),
  ),

  'takes text as a pattern': mutant(
    filter('take text as it is, wildcards and all'),
    ({ tables }) => ({
      list: async ({ owner, text = '' }) => {
        const pattern = text
          .replace(/[.*^?[\]\\]/g, '\\$&')
          .replace(/%/g, '.*')
          .replace(/_/g, '.');
        return {
          items: tables
            .keysOf(owner)
            .reverse()
            .filter(({ name }) => new RegExp(pattern).test(name)),
        };
      },
    }),
  ),

  'takes a key without expiry for one that expires at 0': mutant(
    filter('pass keys that expire before a moment'),
    ({ inner, tables }) => ({
      list: async (query) => {
        const { expiresBefore, owner } = query;
        if (expiresBefore === undefined) return inner.list(query);
        const expires = ({ expiresAt = 0 }: StoredKey) => expiresAt < expiresBefore;
        return { items: tables.keysOf(owner).reverse().filter(expires) };
      },
    }),
  ),

  'passes keys that expire at the moment': mutant(
    filter('pass keys that expire before a moment'),
    (parts) =>
      asked(parts, ({ expiresBefore, ...query }) =>
        expiresBefore === undefined ? query : { ...query, expiresBefore: expiresBefore + 1 },
      ),
  ),

  'takes every unused key for long unused': mutant(
    filter('pass keys not used since a moment, or since their creation'),
    ({ inner, tables }) => ({
      list: async (query) => {
        const { unusedSince, owner } = query;
        if (unusedSince === undefined) return inner.list(query);
        const unused = ({ lastUsedAt = 0 }: StoredKey) => lastUsedAt < unusedSince;
        return { items: tables.keysOf(owner).reverse().filter(unused) };
      },
    }),
  ),

  'filters by state alone, where it does': mutant(
    filter('pass keys for which all of them hold'),
    (parts) =>
      asked(parts, ({ environment, ...query }) =>
        query.state || environment === undefined ? query : { ...query, environment },
      ),
  ),

  'filters after it has cut the page': mutant(
    filter('pass keys for which all of them hold'),
    ({ inner }) => ({
      list: async (query) => {
        const { owner, limit, now, cursor } = query;
        const page = await inner.list({ owner, limit, now, ...(cursor && { cursor }) });
        return { items: page.items.filter((key) => matchesKey(query, key)) };
      },
    }),
  ),
};

/** Keys whose folded name holds the folded text. */
function named({ tables }: Parts, fold: (text: string) => string) {
  return {
    list: async ({ owner, text = '' }: KeyQuery) => ({
      items: tables
        .keysOf(owner)
        .reverse()
        .filter(({ name }) => fold(name).includes(fold(text))),
    }),
  };
}
