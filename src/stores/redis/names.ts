/**
 * What the store's keys are called in Redis. Their names share a hash tag, so that a cluster keeps
 * them all in one slot, where one script can touch them.
 */
export interface Names {
  /** Hash: a key's digest to its record. */
  readonly records: string;
  /** Hash: a key's id to its digest. */
  readonly ids: string;
  /** Hash: an owner to the head of their chain. */
  readonly heads: string;
  /** String: the generation of the change feed. */
  readonly generation: string;
  /** Hash: the holder of a lease to the lease. */
  readonly leases: string;
  /** The channel on which changes are announced. */
  readonly channel: string;
  /** Sorted set: the ids of an owner's keys, by creation. */
  keysOf(owner: string): string;
  /** List: an owner's events; the one with sequence 1 comes first. */
  eventsOf(owner: string): string;
  /** Hash: the id of an actor of the owner to the document of their second factor. */
  factorsOf(owner: string): string;
}

export function namesOf(prefix: string): Names {
  const tag = `{${prefix}}`;
  return {
    records: `${tag}:records`,
    ids: `${tag}:ids`,
    heads: `${tag}:heads`,
    generation: `${tag}:generation`,
    leases: `${tag}:leases`,
    channel: `${tag}:changes`,
    keysOf: (owner) => `${tag}:keys:${owner}`,
    eventsOf: (owner) => `${tag}:events:${owner}`,
    factorsOf: (owner) => `${tag}:factors:${owner}`,
  };
}
