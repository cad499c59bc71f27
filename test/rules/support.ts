import { type KeyStore, memoryStore, type StoredKey } from 'keywright';
import { storedKey, trace } from 'keywright/testing';
import { Changes, type ChangesOptions } from '../../src/rules/changes.ts';
import { createRule } from '../../src/rules/create.ts';
import { contentsOf } from '../support.ts';

/** When the changes of these tests take place, a second after the keys were made. */
export const AT = trace().at + 1000;

/** Changes on a memory store, or on the given one. */
export function rulesOn(store: KeyStore = memoryStore(), options: ChangesOptions = {}) {
  const changes = new Changes(store, { clock: { now: () => AT }, ...options });
  return {
    store,
    changes,
    /** Adds a key with its event. */
    async put(overrides: Partial<StoredKey> = {}): Promise<StoredKey> {
      const key = storedKey(overrides);
      await changes.make(createRule(key.owner, () => key, trace({ actor: key.createdBy })));
      return key;
    },
    /** The owner's events, without their place in the chain. */
    async log(owner = 'org_1') {
      const { events } = await contentsOf(store, owner);
      return events.map(({ id: _, sequence: __, salt: ___, ...facts }) => facts);
    },
  };
}
