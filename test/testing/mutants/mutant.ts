import type { ActivityEvent, KeyStore, StoredKey } from 'keywright';
import type { OpenedStore, StoreTraits } from 'keywright/testing';
import type { UnsealedEvent } from '../../../src/digest/chain.ts';
import { memoryFactors } from '../../../src/stores/memory/factors.ts';
import { MemoryLeases } from '../../../src/stores/memory/leases.ts';
import { memoryMutations } from '../../../src/stores/memory/mutations.ts';
import { memoryReads } from '../../../src/stores/memory/reads.ts';
import { OpenTables } from '../fixtures/open-tables.ts';

/** A store with one fault, and the checks of the suite that must find it. */
export interface Mutant {
  /** The claims of the checks, by topic. */
  readonly caughtBy: Readonly<Record<string, readonly string[]>>;
  readonly open: () => OpenedStore;
  readonly traits?: StoreTraits;
}

/** By what is wrong with them. */
export type Mutants = Readonly<Record<string, Mutant>>;

/** What a fault is made of. */
export interface Parts {
  /** The store without the fault. */
  readonly inner: KeyStore;
  readonly tables: OpenTables;
  readonly leases: MemoryLeases;
}

/** A memory store in which some methods are others. */
export function mutant(
  caughtBy: Mutant['caughtBy'],
  fault: (parts: Parts) => Partial<KeyStore>,
): Mutant {
  return {
    caughtBy,
    open: () => {
      const parts = memoryParts();
      return { store: { ...parts.inner, ...fault(parts) } };
    },
  };
}

function memoryParts(): Parts {
  const tables = new OpenTables();
  const leases = new MemoryLeases();
  const inner = {
    ...memoryReads(tables),
    ...memoryMutations(tables, leases),
    factors: memoryFactors(tables),
    changes: leases,
  };
  return { inner, tables, leases };
}

/** Every read that gives a key gives it as `seen` makes it; hides it if that is `undefined`. */
export function seeing(
  inner: KeyStore,
  seen: (key: StoredKey) => StoredKey | undefined,
): Partial<KeyStore> {
  return {
    find: async (ref, options) => {
      const key = await inner.find(ref, options);
      return key && seen(key);
    },
    findByDigest: async (digest) => {
      const key = await inner.findByDigest(digest);
      return key && seen(key);
    },
    list: async (query) => {
      const page = await inner.list(query);
      return { ...page, items: page.items.flatMap((key) => seen(key) ?? []) };
    },
  };
}

/** Keys are stored as `kept` makes them. */
export function keeping(inner: KeyStore, kept: (key: StoredKey) => StoredKey): Partial<KeyStore> {
  return {
    create: (key, trace, options) => inner.create(kept(key), trace, options),
  };
}

/** Appends events that tell of no change, or of one that they do not fit. */
export function append(tables: OpenTables, owner: string, ...events: UnsealedEvent[]): void {
  tables.append(tables.seal(owner, events));
}

/** The events of an owner as `seen` makes them, sealed anew, on every read of events. */
export function retelling(
  { inner }: Parts,
  seen: (event: ActivityEvent) => UnsealedEvent | undefined,
): Partial<KeyStore> {
  const { tables, inner: told } = memoryParts();
  const retell = async (owner: string) => {
    const known = (await told.head(owner)).sequence;
    const events = await inner.readChain(owner, 0, Number.MAX_SAFE_INTEGER);
    const facts = events.flatMap((event) => seen(event) ?? []);
    append(tables, owner, ...facts.slice(known));
  };
  return {
    head: async (owner) => {
      await retell(owner);
      return told.head(owner);
    },
    readChain: async (owner, after, limit) => {
      await retell(owner);
      return told.readChain(owner, after, limit);
    },
    listActivity: async (query) => {
      await retell(query.owner);
      return told.listActivity(query);
    },
  };
}

/** A turn in which others go on: what stands between a read and a write that belong together. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** The event without its seal. */
export function unsealed({ id: _i, sequence: _s, salt: _t, ...facts }: ActivityEvent) {
  return facts;
}
