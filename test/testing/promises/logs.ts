import type { ActivityEvent } from 'keywright';
import { type ActivityQuery, matchesEvent } from 'keywright/store-kit';
import { broken, type Promises, seeingEvents } from '../fixtures/broken.ts';

/** Lists events for another query. */
function askingEvents(change: (query: ActivityQuery) => ActivityQuery) {
  return broken(({ inner }) => ({
    listActivity: async (query) => inner.listActivity(change(query)),
  }));
}

/** Lists the owner's events that pass, in one page. */
function passingEvents(passes: (event: ActivityEvent, query: ActivityQuery) => boolean) {
  return broken(({ tables }) => ({
    listActivity: async (query) => {
      const events = [...tables.eventsOf(query.owner)].reverse();
      return { items: events.filter((event) => passes(event, query)) };
    },
  }));
}

/** What stores promise of events. */
export const logPromises: Promises = {
  'events are listed newest first, in pages that are stable, and filtered': {
    checks: [
      'listActivity: returns the events of the chain, newest first',
      'listActivity: follows the order of the changes, whatever their times',
      'listActivity: returns no event of another owner',
      'listActivity: returns as many events as the limit allows, and a cursor unless it is the last page',
      'listActivity: is stable while events are added',
      'listActivity: filters by key',
      'listActivity: filters by action',
      'listActivity: filters by actor',
      'listActivity: filters from a moment on and before another',
      'listActivity: returns only events for which all filters hold, in pages of any size',
      'listActivity: rejects a cursor that no page returned',
    ],
    broken: {
      'lists events oldest first': broken(({ tables }) => ({
        listActivity: async ({ owner }) => ({ items: [...tables.eventsOf(owner)] }),
      })),
      'lists events by time': broken(({ tables }) => ({
        listActivity: async ({ owner }) => ({
          items: [...tables.eventsOf(owner)].sort((one, two) => two.at - one.at),
        }),
      })),
      'lists the events of all owners': broken(({ inner, tables }) => ({
        listActivity: async (query) => {
          const owners = new Set([...tables.byDigest.values()].map(({ owner }) => owner));
          const events = [...owners].flatMap((owner) => tables.eventsOf(owner));
          return query.cursor ? inner.listActivity(query) : { items: events };
        },
      })),
      'returns 50 events at most': askingEvents((query) => ({
        ...query,
        limit: Math.min(query.limit, 50),
      })),
      'pages events by an offset': broken(({ tables }) => ({
        listActivity: async ({ owner, limit, cursor = '0' }) => {
          const start = Number(cursor);
          const events = [...tables.eventsOf(owner)].reverse();
          const items = events.slice(start, start + limit);
          const next = start + limit;
          return next < events.length ? { items, cursor: String(next) } : { items };
        },
      })),
      'passes a rotation to the successor too': passingEvents((event, query) =>
        query.keyId === undefined
          ? matchesEvent(query, event)
          : [event.keyId, event.successorId].includes(query.keyId),
      ),
      'knows no erasures among the actions': passingEvents(
        (event, query) => query.action !== 'activity.erased' && matchesEvent(query, event),
      ),
      'compares actors by their start': passingEvents(({ actor }, { actorId = '' }) =>
        actor.id.startsWith(actorId),
      ),
      'passes the events at the end of a span': askingEvents(({ to, ...query }) =>
        to === undefined ? query : { ...query, to: to + 1 },
      ),
      'filters by key alone, where it does': askingEvents(({ actorId, ...query }) =>
        query.keyId || actorId === undefined ? query : { ...query, actorId },
      ),
      'takes a wrong cursor for none': broken(({ inner }) => ({
        listActivity: ({ cursor, ...query }) =>
          inner
            .listActivity(cursor === undefined ? query : { ...query, cursor })
            .catch(() => inner.listActivity(query)),
      })),
    },
  },

  'the chain is read as it was written, and its head ends it': {
    checks: [
      'the chain: is empty before the first event, and ends with its head',
      'the chain: holds everything that an event can contain',
      'the chain: holds the members of every action',
      'the chain: holds times from zero to the largest safe integer',
      'the chain: of one owner is independent of those of others',
      'the chain: is read after a sequence, up to a limit',
      'the chain: is read 500 events at a time',
    ],
    broken: {
      'keeps a head that is one event behind': broken(({ inner, tables }) => ({
        head: async (owner) => {
          const before = tables.eventsOf(owner).at(-2);
          if (before === undefined) return inner.head(owner);
          return { sequence: before.sequence, digest: before.id };
        },
      })),
      'composes the Unicode of reasons': seeingEvents((event) =>
        event.reason === undefined ? event : { ...event, reason: event.reason.normalize('NFC') },
      ),
      'forgets the end of a grace': seeingEvents(({ graceEndsAt: _, ...event }) => event),
      'keeps times in 32 bits': seeingEvents((event) => ({ ...event, at: event.at >>> 0 })),
      'returns the events of all owners': broken(({ inner, tables }) => ({
        readChain: async (owner, after, limit) => {
          const owners = new Set([...tables.byDigest.values()].map((key) => key.owner));
          const events = [...owners].flatMap((other) => tables.eventsOf(other));
          return owners.has(owner)
            ? events.slice(after, after + limit)
            : inner.readChain(owner, after, limit);
        },
      })),
      'reads the chain from a sequence on, not after it': broken(({ inner }) => ({
        readChain: (owner, after, limit) => inner.readChain(owner, Math.max(after - 1, 0), limit),
      })),
      'reads 100 events at most': broken(({ inner }) => ({
        readChain: (owner, after, limit) => inner.readChain(owner, after, Math.min(limit, 100)),
      })),
    },
  },
};
