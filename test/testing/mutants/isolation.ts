import type { ActivityEvent, StoredKey } from 'keywright';
import { cloneJson } from '../../../src/json.ts';
import { type Mutants, mutant, seeing } from './mutant.ts';

const copy = <Value>(value: Value): Value => cloneJson(value as never) as Value;

/** Keys as they were handed in or out, by id: what a store that does not copy them holds. */
function aliases() {
  const keys = new Map<string, StoredKey>();
  const alias = (key: StoredKey) => {
    if (!keys.has(key.id)) keys.set(key.id, key);
    return keys.get(key.id) as StoredKey;
  };
  return { keys, alias };
}

export const isolationMutants: Mutants = {
  'keeps the key that create was given': mutant(
    { isolation: ['keeps nothing that create was given'] },
    ({ inner }) => {
      const { alias } = aliases();
      return {
        ...seeing(inner, alias),
        create: async (key, trace) => {
          await inner.create(key, trace);
          alias(key);
        },
      };
    },
  ),

  'keeps the metadata that update was given': mutant(
    { isolation: ['keeps nothing that update was given'] },
    ({ inner }) => {
      const metadata = new Map<string, StoredKey['metadata']>();
      return {
        ...seeing(inner, (key) => ({ ...key, metadata: metadata.get(key.id) ?? key.metadata })),
        update: (ref, change, trace) => {
          if (change.metadata) metadata.set(ref.id, change.metadata);
          return inner.update(ref, change, trace);
        },
      };
    },
  ),

  'keeps the successor and the actor that rotate was given': mutant(
    { isolation: ['keeps nothing that rotate was given'] },
    ({ inner }) => {
      const actors = new Map<string, StoredKey['createdBy']>();
      return {
        ...seeing(inner, (key) => ({ ...key, createdBy: actors.get(key.id) ?? key.createdBy })),
        rotate: (ref, successor, trace) => {
          actors.set(successor.id, trace.actor);
          return inner.rotate(ref, successor, trace);
        },
      };
    },
  ),

  'keeps the actor that revokeAll was given': mutant(
    { isolation: ['keeps nothing that revoke, revokeAll and eraseActor were given'] },
    ({ inner }) => {
      let actor: ActivityEvent['actor'] | undefined;
      const actorOf = (event: ActivityEvent) =>
        event.action === 'key.revoked' && actor ? { ...event, actor } : event;
      return {
        revokeAll: (owner, trace) => {
          actor = trace.actor;
          return inner.revokeAll(owner, trace);
        },
        revoke: inner.revoke,
        readChain: async (...range) => (await inner.readChain(...range)).map(actorOf),
      };
    },
  ),

  'keeps the map that recordUsage was given': mutant(
    { isolation: ['keeps nothing that recordUsage was given'] },
    ({ inner }) => {
      let noted: ReadonlyMap<string, number> = new Map();
      return {
        ...seeing(inner, (key) => {
          const lastUsedAt = noted.get(key.id);
          return lastUsedAt === undefined ? key : { ...key, lastUsedAt };
        }),
        recordUsage: async (usage) => {
          noted = usage;
        },
      };
    },
  ),

  'hands out the key that it keeps from update': mutant(
    { isolation: ['is not changed through what a mutation gave'] },
    ({ inner }) => {
      const { keys, alias } = aliases();
      return {
        ...seeing(inner, (key) => keys.get(key.id) ?? key),
        update: async (ref, change, trace) => {
          const outcome = await inner.update(ref, change, trace);
          return outcome && 'key' in outcome ? { key: alias(copy(outcome.key)) } : outcome;
        },
      };
    },
  ),

  'hands out the key that it keeps from find': mutant(
    { isolation: ['is not changed through what a read gave'] },
    ({ inner }) => {
      const { keys, alias } = aliases();
      return {
        ...seeing(inner, (key) => keys.get(key.id) ?? key),
        find: async (ref) => {
          const key = await inner.find(ref);
          return key && alias(copy(key));
        },
      };
    },
  ),

  'hands out the events that it keeps': mutant(
    { isolation: ['is not changed through the events that a read gave'] },
    ({ inner }) => {
      const events = new Map<string, ActivityEvent>();
      const kept = (event: ActivityEvent) => {
        if (!events.has(event.id)) events.set(event.id, copy(event));
        return events.get(event.id) as ActivityEvent;
      };
      return { readChain: async (...range) => (await inner.readChain(...range)).map(kept) };
    },
  ),
};
