import { type KeyStore, memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { check } from './checker.ts';

const nothing = async () => {};

describe('the checker of engines', () => {
  it('finds no fault in a store without one', async () => {
    const store = memoryStore();
    const counts = await check({ writer: store, reader: store, fault: nothing });
    expect(counts).toMatchObject({ lost: 0, letIn: 0, indeterminate: 0 });
    expect(counts.acknowledged).toBeGreaterThan(100);
  });

  it('finds changes that a failover lost', async () => {
    let current = memoryStore();
    const store = switching(() => current);
    const counts = await check({
      writer: store,
      reader: store,
      fault: async () => {
        current = memoryStore();
      },
    });
    expect(counts.lost).toBeGreaterThan(0);
  });

  it('finds reads that are behind a revocation', async () => {
    const store = memoryStore();
    const reader: KeyStore = {
      ...store,
      async findByDigest(digest) {
        const key = await store.findByDigest(digest);
        if (key === undefined) return undefined;
        const { revokedAt: _, ...older } = key;
        return older;
      },
    };
    const counts = await check({ writer: store, reader, fault: nothing });
    expect(counts.letIn).toBeGreaterThan(0);
  });
});

/** A store whose members are those of the present one. */
function switching(present: () => KeyStore): KeyStore {
  return new Proxy({} as KeyStore, {
    get: (_target, name) => Reflect.get(present(), name),
    has: (_target, name) => name in present(),
  });
}
