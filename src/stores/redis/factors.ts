import type { FactorDocument, FactorRef } from '../../record.ts';
import type { FactorStore } from '../../store.ts';
import { ownerEvent } from '../transition.ts';
import type { Changes } from './changes.ts';
import type { Driver } from './client.ts';
import type { Names } from './names.ts';
import { readOwnerHead } from './reads.ts';
import { readFactor } from './texts.ts';

export function redisFactors(driver: Driver, names: Names, changes: Changes): FactorStore {
  const read = async ({ owner, actorId }: FactorRef): Promise<FactorDocument | undefined> => {
    const [text] = await driver.hmget(names.factorsOf(owner), [actorId]);
    return text === null || text === undefined ? undefined : readFactor(text);
  };

  return {
    read,

    write(ref, { seen, value, action }, trace) {
      const { owner, actorId } = ref;
      return changes.make<boolean>(owner, async () => {
        // Before the factor: a change of it in between moves the head, and the script sees that.
        const head = await readOwnerHead(driver, names, owner);
        if ((await read(ref))?.version !== seen) return { result: false };
        const events = [ownerEvent(action, owner, trace)];
        const factor = { actorId, value };
        return { result: true, change: { owner, head, events, factor, turns: false } };
      });
    },
  };
}
