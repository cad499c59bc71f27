import { memoryStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { testKeyStore } from 'keywright/testing';
import { describe, it } from 'vitest';

describe('cachedStore', () => {
  testKeyStore(
    async () => {
      const store = cachedStore(memoryStore(), { leaseMs: 100 });
      await store.ready();
      return { store, close: () => store.close() };
    },
    { describe, it },
  );
});
