import { EMPTY_HEAD, headAfter } from '../../digest/chain.ts';
import { frozenCopy } from '../../json.ts';
import type {
  ActivityEvent,
  ChainHead,
  FactorDocument,
  FactorRef,
  StoredKey,
} from '../../record.ts';
import type { Change, CommitResult, FactorWrite, KeyRef } from '../../store.ts';
import type { KeyPlace } from '../cursor.ts';
import { frozenKey } from './frozen.ts';

interface Owned {
  /** Ids of keys, oldest first. */
  keys: string[];
  /** The event with sequence 1 comes first. */
  events: ActivityEvent[];
}

type CommitStatus = CommitResult['status'];

/** The data of a memory store. Records and events are frozen, and replaced whole. */
export class MemoryTables {
  readonly byDigest = new Map<string, StoredKey>();
  readonly factors = new Map<string, FactorDocument>();
  readonly #byId = new Map<string, StoredKey>();
  readonly #owners = new Map<string, Owned>();

  find({ id, owner }: KeyRef): StoredKey | undefined {
    const key = this.#byId.get(id);
    return owner === undefined || key?.owner === owner ? key : undefined;
  }

  /** Yields the owner's keys that are older than the place, or all of them; newest first. */
  *newestKeys(owner: string, before?: KeyPlace): Iterable<StoredKey> {
    const { keys } = this.#ownedBy(owner);
    for (let i = before ? this.#placeOf(keys, before) : keys.length; i-- > 0; ) {
      yield this.#byId.get(keys[i] as string) as StoredKey;
    }
  }

  /** Returns all owners that have events or keys. */
  owners(): Iterable<string> {
    return this.#owners.keys();
  }

  /** The owner's events; the one with sequence 1 comes first. */
  eventsOf(owner: string): readonly ActivityEvent[] {
    return this.#ownedBy(owner).events;
  }

  head(owner: string): ChainHead {
    const newest = this.eventsOf(owner).at(-1);
    return newest === undefined ? EMPTY_HEAD : headAfter(newest);
  }

  /** Compares the head and writes the whole change in one turn, so that no reader sees a part of it. */
  commit({ owner, head, events, added, changed, erased, factor }: Change): CommitStatus {
    const present = this.head(owner);
    if (present.sequence !== head.sequence || present.digest !== head.digest) return 'stale';
    if (changed.some(({ before }) => this.#byId.get(before.id)?.digest !== before.digest)) {
      return 'stale';
    }
    const upgraded = changed.filter(({ before, after }) => before.digest !== after.digest);
    if (added.some(({ id }) => this.#byId.has(id))) return 'digest_taken';
    if (
      [...added, ...upgraded.map(({ after }) => after)].some(({ digest }) =>
        this.byDigest.has(digest),
      )
    ) {
      return 'digest_taken';
    }
    // Freezing throws for data that is not plain, so it comes before the first write.
    const links = events.map(frozenCopy);
    const keys = [...added, ...changed.map(({ after }) => this.#withLastUse(after))].map(frozenKey);
    for (const key of keys) this.put(key);
    this.#append(owner, links);
    for (const event of erased) this.replaceEvent(event);
    if (factor !== undefined) this.#putFactor(owner, factor);
    return 'committed';
  }

  /** Records when a key was last used. The time never moves back. */
  use(id: string, at: number): void {
    const key = this.#byId.get(id);
    if (key !== undefined && at > (key.lastUsedAt ?? 0)) {
      this.put(frozenKey({ ...key, lastUsedAt: at }));
    }
  }

  /** Adds a frozen key, or replaces the one with its id. */
  put(key: StoredKey): void {
    const { id, digest, owner } = key;
    const former = this.#byId.get(id);
    if (former === undefined) {
      const owned = this.#ownedBy(owner);
      if (owned.keys.length === 0) owned.keys = [id];
      else owned.keys.splice(this.#placeOf(owned.keys, key), 0, id);
      this.#owners.set(owner, owned);
    } else if (former.digest !== digest) {
      this.byDigest.delete(former.digest);
    }
    this.#byId.set(id, key);
    this.byDigest.set(digest, key);
  }

  /** A change does not write times of last use: the key keeps its current one. */
  #withLastUse(key: StoredKey): StoredKey {
    const { lastUsedAt: _, ...rest } = key;
    const lastUsedAt = this.#byId.get(key.id)?.lastUsedAt;
    return lastUsedAt === undefined ? rest : { ...rest, lastUsedAt };
  }

  #append(owner: string, events: ActivityEvent[]): void {
    const owned = this.#ownedBy(owner);
    // A push to an empty array reserves room for 17 items, and many owners have one key.
    if (owned.events.length === 0) owned.events = events;
    else for (const event of events) owned.events.push(event);
    this.#owners.set(owner, owned);
  }

  #putFactor(owner: string, { actorId, document }: FactorWrite): void {
    const place = placeOf({ owner, actorId });
    if (document === undefined) this.factors.delete(place);
    else this.factors.set(place, Object.freeze({ ...document }));
  }

  /** Replaces the event with the same sequence, to erase its payload. */
  replaceEvent(event: ActivityEvent): void {
    this.#ownedBy(event.owner).events[event.sequence - 1] = frozenCopy(event);
  }

  /** The number of ids, oldest first, that come before the place. */
  #placeOf(ids: readonly string[], place: KeyPlace): number {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(ids[middle] as string, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isBefore(id: string, place: KeyPlace): boolean {
    const { createdAt } = this.#byId.get(id) as StoredKey;
    return createdAt < place.createdAt || (createdAt === place.createdAt && id < place.id);
  }

  #ownedBy(owner: string): Owned {
    return this.#owners.get(owner) ?? { keys: [], events: [] };
  }
}

/** The key of an actor's document in {@link MemoryTables.factors}. */
export function placeOf({ owner, actorId }: FactorRef): string {
  return JSON.stringify([owner, actorId]);
}
