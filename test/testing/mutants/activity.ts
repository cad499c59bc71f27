import type { ActivityQuery } from 'keywright';
import { matchesEvent } from '../../../src/stores/match.ts';
import { type Mutants, mutant, type Parts } from './mutant.ts';

const claims = (...listActivity: string[]) => ({ listActivity });

/** The query is another. */
function asked({ inner }: Parts, change: (query: ActivityQuery) => ActivityQuery) {
  return { listActivity: async (query: ActivityQuery) => inner.listActivity(change(query)) };
}

export const activityMutants: Mutants = {
  'lists oldest first': mutant(
    claims('gives the events of the chain, newest first'),
    ({ tables }) => ({
      listActivity: async ({ owner }) => ({ items: [...tables.eventsOf(owner)] }),
    }),
  ),

  'leaves the salt out of listed events': mutant(
    claims('gives the events of the chain, newest first'),
    ({ inner }) => ({
      listActivity: async (query) => {
        const page = await inner.listActivity(query);
        return { ...page, items: page.items.map(({ salt: _, ...event }) => event) };
      },
    }),
  ),

  'lists by time': mutant(
    claims('goes by the order of the changes, whatever their times'),
    ({ tables }) => ({
      listActivity: async ({ owner }) => ({
        items: [...tables.eventsOf(owner)].sort((one, two) => two.at - one.at),
      }),
    }),
  ),

  'lists the events of all owners': mutant(
    claims('gives no event of another owner'),
    ({ inner, tables }) => ({
      listActivity: async (query) => {
        const owners = new Set([...tables.byDigest.values()].map(({ owner }) => owner));
        const events = [...owners].flatMap((owner) => tables.eventsOf(owner));
        return query.cursor ? inner.listActivity(query) : { items: events };
      },
    }),
  ),

  'gives 50 events at most': mutant(
    claims('gives as many events as the limit allows, and a cursor unless it is the last page'),
    (parts) => asked(parts, (query) => ({ ...query, limit: Math.min(query.limit, 50) })),
  ),

  'gives a cursor with every full page': mutant(
    claims('gives as many events as the limit allows, and a cursor unless it is the last page'),
    ({ inner }) => ({
      listActivity: async (query) => {
        const page = await inner.listActivity(query);
        const last = page.items.at(-1);
        return page.items.length === query.limit && last
          ? { ...page, cursor: String(last.sequence) }
          : page;
      },
    }),
  ),

  'pages by an offset': mutant(claims('is stable while events are added'), ({ tables }) => ({
    listActivity: async ({ owner, limit, cursor = '0' }) => {
      const start = Number(cursor);
      const events = [...tables.eventsOf(owner)].reverse();
      const items = events.slice(start, start + limit);
      return start + limit < events.length ? { items, cursor: String(start + limit) } : { items };
    },
  })),

  'passes a rotation to the successor too': mutant(
    claims('passes the events of a key'),
    ({ inner, tables }) => ({
      listActivity: async (query) => {
        const { keyId, owner } = query;
        if (keyId === undefined) return inner.listActivity(query);
        const events = [...tables.eventsOf(owner)].reverse();
        return { items: events.filter((e) => e.keyId === keyId || e.successorId === keyId) };
      },
    }),
  ),

  'knows no erasures among the actions': mutant(
    claims('passes the events of an action'),
    ({ inner }) => ({
      listActivity: async (query) =>
        query.action === 'activity.erased' ? { items: [] } : inner.listActivity(query),
    }),
  ),

  'compares actors by their start': mutant(
    claims('passes the events of an actor'),
    ({ inner, tables }) => ({
      listActivity: async (query) => {
        const { actorId, owner } = query;
        if (actorId === undefined) return inner.listActivity(query);
        const events = [...tables.eventsOf(owner)].reverse();
        return { items: events.filter(({ actor }) => actor.id.startsWith(actorId)) };
      },
    }),
  ),

  'passes the events at the end of a span': mutant(
    claims('passes the events from a moment on and before another'),
    (parts) =>
      asked(parts, ({ to, ...query }) => (to === undefined ? query : { ...query, to: to + 1 })),
  ),

  'passes no event at the beginning of a span': mutant(
    claims('passes the events from a moment on and before another'),
    (parts) =>
      asked(parts, ({ from, ...query }) =>
        from === undefined ? query : { ...query, from: from + 1 },
      ),
  ),

  'filters by key alone, where it does': mutant(
    claims('passes the events for which all filters hold, in pages of any size'),
    (parts) =>
      asked(parts, ({ actorId, ...query }) =>
        query.keyId || actorId === undefined ? query : { ...query, actorId },
      ),
  ),

  'filters after it has cut the page': mutant(
    claims('passes the events for which all filters hold, in pages of any size'),
    ({ inner }) => ({
      listActivity: async (query) => {
        const { owner, limit, cursor } = query;
        const page = await inner.listActivity({ owner, limit, ...(cursor && { cursor }) });
        return { items: page.items.filter((event) => matchesEvent(query, event)) };
      },
    }),
  ),

  'takes a wrong cursor for none': mutant(
    claims('rejects a cursor that no page gave'),
    ({ inner }) => ({
      listActivity: ({ cursor, ...query }) =>
        inner
          .listActivity(cursor === undefined ? query : { ...query, cursor })
          .catch(() => inner.listActivity(query)),
    }),
  ),
};
