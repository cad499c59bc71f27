import type { KeyStore } from '../store.ts';
import { MemoryDeliveries } from './memory/deliveries.ts';
import { MemoryFeed } from './memory/feed.ts';
import { memoryReads } from './memory/reads.ts';
import { MemoryTables } from './memory/tables.ts';

/**
 * A store in the memory of the process, for tests, experiments and services whose keys need not outlive
 * the process.
 *
 * @example
 * ```ts
 * const keys = createApiKeys({ format, store: memoryStore() });
 * ```
 */
export function memoryStore(): KeyStore {
  return storeOn(new MemoryTables(), new MemoryFeed());
}

/** Assembles the store from its parts. */
export function storeOn(
  tables: MemoryTables,
  feed: MemoryFeed,
  deliveries = new MemoryDeliveries(tables),
): KeyStore {
  return {
    ...memoryReads(tables),
    async commit(change) {
      const status = tables.commit(change);
      if (status === 'stale') return { status, head: tables.head(change.owner) };
      if (status === 'committed' && change.events.length > 0) deliveries.note(change.owner);
      return status === 'committed' ? { status, watchedMs: feed.raise(change.purged) } : { status };
    },
    async recordUsage(usage) {
      for (const [id, at] of usage) tables.use(id, at);
    },
    // A single process has no settings that could break a promise.
    inspect: async () => [],
    changes: feed,
    deliveries,
  };
}
