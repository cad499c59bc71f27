import { EMPTY_HEAD, headAfter, sealEvent, type UnsealedEvent } from '../../digest/chain.ts';
import { KeywrightError } from '../../errors.ts';
import type { ActivityEvent, ChainHead, FactorDocument, StoredKey } from '../../record.ts';
import type { KeyRef } from '../../store.ts';
import type { KeyPlace } from '../cursor.ts';
import { frozenCopy, frozenKey } from './frozen.ts';

interface Owned {
  /** Ids of keys, oldest first. */
  keys: string[];
  /** The event with sequence 1 comes first. */
  events: ActivityEvent[];
}

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

  /** The owner's keys that come before the place, or all of them; newest first. */
  *newestKeys(owner: string, before?: KeyPlace): Iterable<StoredKey> {
    const { keys } = this.#ownedBy(owner);
    for (let i = before ? this.#placeOf(keys, before) : keys.length; i-- > 0; ) {
      yield this.#byId.get(keys[i] as string) as StoredKey;
    }
  }

  /** The owner's events; the one with sequence 1 comes first. */
  eventsOf(owner: string): readonly ActivityEvent[] {
    return this.#ownedBy(owner).events;
  }

  head(owner: string): ChainHead {
    const newest = this.eventsOf(owner).at(-1);
    return newest === undefined ? EMPTY_HEAD : headAfter(newest);
  }

  /** @throws KeywrightError `digest_taken` */
  assertFree({ id, digest }: { readonly id?: string; readonly digest: string }): void {
    if (this.byDigest.has(digest) || (id !== undefined && this.#byId.has(id))) {
      throw new KeywrightError('digest_taken', 'another key has this digest or id');
    }
  }

  /**
   * Writes keys of one owner together with the events that tell of them. Sealing may fail, so all
   * of it comes before the first write; the writes do not pause, so nobody sees them half-done.
   */
  commit(owner: string, events: readonly UnsealedEvent[], keys: readonly StoredKey[]): void {
    let head = this.head(owner);
    const sealed = events.map((event) => {
      const link = frozenCopy(sealEvent(head, event));
      head = headAfter(link);
      return link;
    });
    for (const key of keys) this.put(key);
    const owned = this.#ownedBy(owner);
    // An empty array that is pushed to takes room for 17, and many an owner has one key.
    if (owned.events.length === 0) owned.events = sealed;
    else for (const event of sealed) owned.events.push(event);
    this.#owners.set(owner, owned);
  }

  /** Adds the key, or puts it in the place of the one with its id. */
  put(key: StoredKey): void {
    const kept = frozenKey(key);
    const { id, digest, owner } = kept;
    const former = this.#byId.get(id);
    if (former === undefined) {
      const owned = this.#ownedBy(owner);
      if (owned.keys.length === 0) owned.keys = [id];
      else owned.keys.splice(this.#placeOf(owned.keys, kept), 0, id);
      this.#owners.set(owner, owned);
    } else if (former.digest !== digest) {
      this.byDigest.delete(former.digest);
    }
    this.#byId.set(id, kept);
    this.byDigest.set(digest, kept);
  }

  /** Puts another event in the place of one, to erase what it holds. */
  replaceEvent(event: ActivityEvent): void {
    this.#ownedBy(event.owner).events[event.sequence - 1] = frozenCopy(event);
  }

  /** How many of the ids, oldest first, come before the place. */
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
