import { ERASED_ACTOR, eraseEvent } from '../../../src/digest/chain.ts';
import { ownerEvent } from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant, pause } from './mutant.ts';

export const erasureMutants: Mutants = {
  'leaves the key names in erased events': mutant(
    { eraseActor: ["turns the actor's events into digests and leaves the others"] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const names = tables.eventsOf(owner).map(({ keyName = '' }) => keyName);
        const erased = await inner.eraseActor(owner, actorId, trace);
        for (const event of [...tables.eventsOf(owner)]) {
          const keyName = names[event.sequence - 1] ?? '';
          if (event.erased) tables.replaceEvent({ ...event, keyName });
        }
        return erased;
      },
    }),
  ),

  'counts the event that it leaves as erased': mutant(
    {
      eraseActor: [
        "turns the actor's events into digests and leaves the others",
        'leaves an event though there is nothing to erase',
      ],
    },
    ({ inner }) => ({
      eraseActor: async (owner, actorId, trace) =>
        (await inner.eraseActor(owner, actorId, trace)) + 1,
    }),
  ),

  'leaves no event of an erasure': mutant({ eraseActor: ['leaves one event'] }, ({ tables }) => ({
    eraseActor: async (owner, actorId) => {
      const events = tables.eventsOf(owner).filter(({ actor }) => actor.id === actorId);
      for (const event of events) tables.replaceEvent(eraseEvent(event));
      return events.length;
    },
  })),

  'tells who was erased in the event': mutant(
    { eraseActor: ['leaves one event'] },
    ({ inner }) => ({
      eraseActor: (owner, actorId, trace) =>
        inner.eraseActor(owner, actorId, { ...trace, reason: `erased ${actorId}` }),
    }),
  ),

  'leaves who created keys': mutant(
    { eraseActor: ['erases who created keys, successors too, and nothing else of them'] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const keys = tables.keysOf(owner);
        const erased = await inner.eraseActor(owner, actorId, trace);
        for (const key of keys) tables.replace(key);
        return erased;
      },
    }),
  ),

  'leaves who created successors': mutant(
    { eraseActor: ['erases who created keys, successors too, and nothing else of them'] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const keys = tables.keysOf(owner).filter(({ replaces }) => replaces !== undefined);
        const erased = await inner.eraseActor(owner, actorId, trace);
        for (const key of keys) tables.replace(key);
        return erased;
      },
    }),
  ),

  'finds erased events by the actor of before': mutant(
    { eraseActor: ['leaves the log without events of the actor'] },
    ({ inner, tables }) => {
      const sequences = new Map<string, number[]>();
      return {
        eraseActor: (owner, actorId, trace) => {
          const events = tables.eventsOf(owner).filter(({ actor }) => actor.id === actorId);
          sequences.set(
            actorId,
            events.map(({ sequence }) => sequence),
          );
          return inner.eraseActor(owner, actorId, trace);
        },
        listActivity: async (query) => {
          const found = sequences.get(query.actorId ?? '');
          if (!found) return inner.listActivity(query);
          const events = tables.eventsOf(query.owner);
          return { items: events.filter(({ sequence }) => found.includes(sequence)) };
        },
      };
    },
  ),

  "erases the actor in other owners' data": mutant(
    { eraseActor: ["leaves other owners' data"] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const owners = new Set([...tables.byDigest.values()].map((key) => key.owner));
        for (const other of owners) {
          if (other !== owner) await inner.eraseActor(other, actorId, trace);
        }
        return inner.eraseActor(owner, actorId, trace);
      },
    }),
  ),

  'leaves no event where there was nothing to erase': mutant(
    { eraseActor: ['leaves an event though there is nothing to erase'] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const has = tables.eventsOf(owner).some(({ actor }) => actor.id === actorId);
        return has ? inner.eraseActor(owner, actorId, trace) : 0;
      },
    }),
  ),

  'erases erased events again': mutant(
    { eraseActor: ['erases nothing twice'] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const erased = tables.eventsOf(owner).filter((event) => event.erased).length;
        return erased + (await inner.eraseActor(owner, actorId, trace));
      },
    }),
  ),

  'erases an actor for good': mutant(
    { eraseActor: ['leaves what the actor does later'] },
    ({ inner }) => {
      const gone = new Set<string>();
      return {
        eraseActor: (owner, actorId, trace) => {
          gone.add(actorId);
          return inner.eraseActor(owner, actorId, trace);
        },
        create: (key, trace) =>
          inner.create(
            gone.has(key.createdBy.id) ? { ...key, createdBy: ERASED_ACTOR } : key,
            trace,
          ),
      };
    },
  ),

  'erases the events that it read before a pause': mutant(
    { eraseActor: ['keeps the chain whole while others write to it'] },
    ({ tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const sealed = tables.seal(owner, [ownerEvent('activity.erased', owner, trace)]);
        await pause();
        const events = tables.eventsOf(owner).filter(({ actor }) => actor.id === actorId);
        for (const event of events) tables.replaceEvent(eraseEvent(event));
        tables.append(sealed);
        return events.length;
      },
    }),
  ),

  'counts the events to erase before others add to them': mutant(
    { eraseActor: ['keeps the chain whole while others write to it'] },
    ({ tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const count = tables.eventsOf(owner).filter(({ actor }) => actor.id === actorId).length;
        await pause();
        const events = tables.eventsOf(owner).filter(({ actor }) => actor.id === actorId);
        for (const event of events) tables.replaceEvent(eraseEvent(event));
        append(tables, owner, ownerEvent('activity.erased', owner, trace));
        return count;
      },
    }),
  ),
};
