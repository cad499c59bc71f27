/**
 * The names of the store's keys in Redis. They share a hash tag, so that a cluster keeps all keys in one
 * slot, where one script can access them.
 */
export interface Names {
  /** Hash: a key's digest to its record. */
  readonly records: string;
  /** Hash: a key's id to its digest. */
  readonly ids: string;
  /** Hash: an owner to the head of their chain. */
  readonly heads: string;
  /** Hash: the change feed's total, mark, recent ids, longest lease and settled epoch. */
  readonly feed: string;
  /** Hash: a cache that may answer from memory to the total that it has acknowledged. */
  readonly members: string;
  /** Sorted set: the ids of all keys, by creation. */
  readonly created: string;
  /** Sorted set: the ids of all keys that have an expiry, by expiry. */
  readonly expiries: string;
  /** Sorted set: the owners that have events, in the order of their newest events. */
  readonly changed: string;
  /** Hash: a consumer of all activity to the score up to which its claims have read `changed`. */
  readonly consumers: string;
  /** The channel on which changes are announced. */
  readonly channel: string;
  /** Sorted set: the ids of an owner's keys, by creation. */
  keysOf(owner: string): string;
  /** List: an owner's events; the one with sequence 1 comes first. */
  eventsOf(owner: string): string;
  /** Hash: the id of an actor of the owner to the document of their second factor. */
  factorsOf(owner: string): string;
  /** Sorted set: an owner to the time at which it can be claimed; infinite if nothing is to be delivered. */
  dueOf(consumer: string): string;
  /** Hash: an owner to the consumer's sequence, its failures and the holder of the claim. */
  deliveriesOf(consumer: string): string;
  /** String: the holder of an owner's reservation, while there is one. */
  holdOf(owner: string): string;
}

export function namesOf(prefix: string): Names {
  const tag = `{${prefix}}`;
  return {
    records: `${tag}:records`,
    ids: `${tag}:ids`,
    heads: `${tag}:heads`,
    feed: `${tag}:feed`,
    members: `${tag}:members`,
    created: `${tag}:created`,
    expiries: `${tag}:expiries`,
    changed: `${tag}:changed`,
    consumers: `${tag}:consumers`,
    channel: `${tag}:changes`,
    keysOf: (owner) => `${tag}:keys:${owner}`,
    eventsOf: (owner) => `${tag}:events:${owner}`,
    factorsOf: (owner) => `${tag}:factors:${owner}`,
    dueOf: (consumer) => `${tag}:due:${consumer}`,
    deliveriesOf: (consumer) => `${tag}:deliveries:${consumer}`,
    holdOf: (owner) => `${tag}:hold:${owner}`,
  };
}
