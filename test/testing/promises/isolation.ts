import type { ActivityEvent, StoredKey } from 'keywright';
import { cloneJson } from '../../../src/json.ts';
import { broken, type Promises, seeing } from '../fixtures/broken.ts';

const copy = <Value>(value: Value): Value => cloneJson(value as never) as Value;

/** What stores promise of the objects that they are given and return. */
export const isolationPromises: Promises = {
  'nothing handed in is kept, and nothing handed out changes what is kept': {
    checks: [
      'isolation: keeps no reference to the arguments of commit',
      'isolation: keeps no reference to the arguments of an erasure',
      'isolation: keeps no reference to the arguments of recordUsage',
      'isolation: does not change through keys that a read returned',
      'isolation: does not change through events that a read returned',
    ],
    broken: {
      'keeps the keys that a commit was given': broken((parts) => {
        const keys = new Map<string, StoredKey>();
        return {
          ...seeing(parts, (key) => keys.get(key.id) ?? key),
          commit: (change) => {
            for (const key of change.added) keys.set(key.id, key);
            return parts.inner.commit(change);
          },
        };
      }),
      'keeps the events that a commit was given': broken(({ inner }) => {
        const events = new Map<string, ActivityEvent>();
        return {
          commit: (change) => {
            for (const event of change.erased) events.set(event.id, event);
            return inner.commit(change);
          },
          readChain: async (...range) =>
            (await inner.readChain(...range)).map((event) => events.get(event.id) ?? event),
        };
      }),
      'keeps the map that recordUsage was given': broken((parts) => {
        let noted: ReadonlyMap<string, number> = new Map();
        return {
          ...seeing(parts, (key) => {
            const lastUsedAt = noted.get(key.id);
            return lastUsedAt === undefined ? key : { ...key, lastUsedAt };
          }),
          recordUsage: async (usage) => {
            noted = usage;
          },
        };
      }),
      'returns the key that it keeps from find': broken((parts) => {
        const keys = new Map<string, StoredKey>();
        return {
          ...seeing(parts, (key) => keys.get(key.id) ?? key),
          find: async (ref) => {
            const key = await parts.inner.find(ref);
            if (key && !keys.has(key.id)) keys.set(key.id, copy(key));
            return key && keys.get(key.id);
          },
        };
      }),
      'returns the events that it keeps': broken(({ inner }) => {
        const events = new Map<string, ActivityEvent>();
        const kept = (event: ActivityEvent) => {
          if (!events.has(event.id)) events.set(event.id, copy(event));
          return events.get(event.id) as ActivityEvent;
        };
        return { readChain: async (...range) => (await inner.readChain(...range)).map(kept) };
      }),
    },
  },
};
