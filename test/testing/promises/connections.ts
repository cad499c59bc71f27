import { memoryStore } from 'keywright';
import type { KeyStore } from 'keywright/store-kit';
import { type DirtyConnection, storedKey } from 'keywright/testing';
import { memoryReads } from '../../../src/stores/memory/reads.ts';
import { storeOn } from '../../../src/stores/memory.ts';
import { type Broken, memoryParts, type Parts, type Promises } from '../fixtures/broken.ts';
import { OpenTables } from '../fixtures/open-tables.ts';

const STRANGER = storedKey({ owner: 'org_elsewhere' });

/** A store whose connections, once they were left in a bad state, are as `fault` makes them. */
function soiled(fault: (parts: Parts) => Partial<KeyStore>): Broken {
  const opened = new Map<KeyStore, Parts>();
  return {
    open: () => {
      const parts = memoryParts();
      opened.set(parts.inner, parts);
      return { store: parts.inner };
    },
    traits: {
      dirty: ({ store }): readonly DirtyConnection[] => {
        const parts = opened.get(store);
        if (parts === undefined) throw new Error('the store was not opened here');
        const open = () => ({ ...store, ...fault(parts) });
        return [{ name: 'what another left', open, stranger: STRANGER }];
      },
    },
  };
}

/** What stores on pooled connections promise. */
export const connectionPromises: Promises = {
  'nothing depends on what an earlier user left on a connection': {
    checks: [
      'dirty connections: return no outdated key',
      'dirty connections: return no outdated head',
      'dirty connections: find no key of another database or schema',
      'dirty connections: commit a change completely or not at all',
      'dirty connections: commit nothing on a head that has moved',
    ],
    broken: {
      'reads in an old snapshot': soiled(({ tables }) => memoryReads(tables.copy())),
      'reads in another place': soiled(() => {
        const elsewhere = new OpenTables();
        elsewhere.put(STRANGER);
        return memoryReads(elsewhere);
      }),
      'commits in a transaction that is rolled back': soiled(({ tables, feed }) => {
        const { commit } = storeOn(tables.copy(), feed);
        return { commit };
      }),
    },
  },
};

/** A sound store whose connections are sound as well. */
export const SOUND_CONNECTIONS: Broken = {
  open: () => ({ store: memoryStore() }),
  traits: {
    dirty: ({ store }) => [
      { name: 'an open transaction', open: () => store, stranger: STRANGER },
      {
        name: 'a connection that refuses',
        open: () => ({
          ...store,
          ...Object.fromEntries(
            ['findByDigest', 'find', 'list', 'view', 'head', 'readChain', 'commit'].map((name) => [
              name,
              async () => {
                throw new Error('refused');
              },
            ]),
          ),
        }),
      },
    ],
  },
};
