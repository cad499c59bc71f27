import type { KeyStore } from '../store.ts';
import { memoryFactors } from './memory/factors.ts';
import { MemoryLeases } from './memory/leases.ts';
import { memoryMutations } from './memory/mutations.ts';
import { memoryReads } from './memory/reads.ts';
import { MemoryTables } from './memory/tables.ts';

/**
 * A store in the memory of the process: for tests, for trying things out, and for services whose
 * keys need not outlive them.
 *
 * @example
 * ```ts
 * const keys = createApiKeys({ format, store: memoryStore() });
 * ```
 */
export function memoryStore(): KeyStore {
  const tables = new MemoryTables();
  const leases = new MemoryLeases();
  return {
    ...memoryReads(tables),
    ...memoryMutations(tables, leases),
    factors: memoryFactors(tables),
    changes: leases,
  };
}
