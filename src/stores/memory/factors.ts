import type { FactorRef } from '../../record.ts';
import type { FactorStore } from '../../store.ts';
import { ownerEvent } from '../transition.ts';
import type { MemoryTables } from './tables.ts';

export function memoryFactors(tables: MemoryTables): FactorStore {
  const { factors } = tables;
  return {
    async read(ref) {
      return factors.get(placeOf(ref));
    },

    async write(ref, { seen, value, action }, trace) {
      const { owner } = ref;
      const place = placeOf(ref);
      if (factors.get(place)?.version !== seen) return false;
      tables.commit(owner, [ownerEvent(action, owner, trace)], []);
      const version = tables.head(owner).sequence;
      if (value === undefined) factors.delete(place);
      else factors.set(place, Object.freeze({ version, value }));
      return true;
    },
  };
}

/** The key of an actor's document in `MemoryTables.factors`. */
export function placeOf({ owner, actorId }: FactorRef): string {
  return JSON.stringify([owner, actorId]);
}
