import { type KeyStore, memoryStore, type StoredKey } from 'keywright';
import type { ChangeScope } from 'keywright/store-kit';
import { storedKey, trace } from 'keywright/testing';
import { vi } from 'vitest';
import { Changes, type ChangesOptions } from '../../src/rules/changes.ts';
import { createRule } from '../../src/rules/create.ts';
import { updateRule } from '../../src/rules/update.ts';
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

/** A change of a key's name. */
export function renaming(id: string, name: string) {
  return updateRule({ id }, { name }, trace());
}

/** A memory store whose calls are counted, with a hold that is none. */
export function counted(overrides: Partial<KeyStore> = {}) {
  const base = memoryStore();
  const store: KeyStore = {
    ...base,
    hold: (_owner: string, work: (held: ChangeScope) => Promise<never>) => work(base),
    ...overrides,
  };
  const view = vi.spyOn(store, 'view');
  const commit = vi.spyOn(store, 'commit');
  const hold = vi.spyOn(store as Required<KeyStore>, 'hold');
  return { base, store, view, commit, hold };
}
