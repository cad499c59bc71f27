import { EMPTY_HEAD, headAfter, sealEvent, type UnsealedEvent } from '../../digest/chain.ts';
import { KeywrightError } from '../../errors.ts';
import type { ActivityEvent, ChainHead, StoredKey } from '../../record.ts';
import type { KeyRef } from '../../store.ts';
import type { KeyPlace } from '../cursor.ts';
import { frozenEvent, frozenKey } from './frozen.ts';

interface Owned {
  /** Ids of keys, oldest first. */
  readonly keys: string[];
  /** The event with sequence 1 comes first. */
  readonly events: ActivityEvent[];
}

/** The data of a memory store. Records and events are frozen, and replaced whole. */
export class MemoryTables {
  readonly byDigest = new Map<string, StoredKey>();
  readonly #byId = new Map<string, StoredKey>();
  readonly #owners = new Map<string, Owned>();

  find({ id, owner }: KeyRef): StoredKey | undefined {
    const key = this.#byId.get(id);
    return owner === undefined || key?.owner === owner ? key : undefined;
  }

  /** The owner's keys, oldest first. */
  keysOf(owner: string): StoredKey[] {
    return this.#idsOf(owner).map((id) => this.#byId.get(id) as StoredKey);
  }

  /** The owner's keys that come before the place, or all of them; newest first. */
  *newestKeys(owner: string, before?: KeyPlace): Iterable<StoredKey> {
    const ids = this.#idsOf(owner);
    const end = before === undefined ? ids.length : this.#placeOf(ids, before);
    for (let index = end - 1; index >= 0; index--)
      yield this.#byId.get(ids[index] as string) as StoredKey;
  }

  /** The owner's events; the one with sequence 1 comes first. */
  eventsOf(owner: string): readonly ActivityEvent[] {
    return this.#owners.get(owner)?.events ?? [];
  }

  head(owner: string): ChainHead {
    const newest = this.eventsOf(owner).at(-1);
    return newest === undefined ? EMPTY_HEAD : headAfter(newest);
  }

  /** Seals events of one owner, in order, and writes nothing. */
  seal(owner: string, events: readonly UnsealedEvent[]): ActivityEvent[] {
    let head = this.head(owner);
    return events.map((event) => {
      const sealed = frozenEvent(sealEvent(head, event));
      head = headAfter(sealed);
      return sealed;
    });
  }

  /** @throws KeywrightError `digest_taken` */
  assertFree({ id, digest }: { readonly id: string; readonly digest: string }): void {
    if (this.byDigest.has(digest) || this.#byId.has(id)) throw digestTaken();
  }

  /** The owner's events up to the given sequence, or all of them; newest first. */
  *newestEvents(owner: string, last = Number.POSITIVE_INFINITY): Iterable<ActivityEvent> {
    const events = this.eventsOf(owner);
    const end = Math.min(last, events.length);
    for (let index = end - 1; index >= 0; index--) yield events[index] as ActivityEvent;
  }

  append(events: readonly ActivityEvent[]): void {
    for (const event of events) this.#owned(event.owner).events.push(event);
  }

  /** Puts another event in the place of one, to erase what it holds. */
  replaceEvent(event: ActivityEvent): void {
    this.#owned(event.owner).events[event.sequence - 1] = frozenEvent(event);
  }

  /** Adds a copy of the key in its place. */
  insert(key: StoredKey): StoredKey {
    const { keys } = this.#owned(key.owner);
    const kept = this.replace(frozenKey(key));
    keys.splice(this.#placeOf(keys, kept), 0, kept.id);
    return kept;
  }

  /** Puts the key in the place of the one with its id; its parts are frozen already. */
  replace(key: StoredKey): StoredKey {
    const kept = Object.freeze(key);
    this.#byId.set(kept.id, kept);
    this.byDigest.set(kept.digest, kept);
    return kept;
  }

  changeDigest(key: StoredKey, digest: string): void {
    if (this.byDigest.has(digest)) throw digestTaken();
    this.byDigest.delete(key.digest);
    this.replace({ ...key, digest });
  }

  #idsOf(owner: string): readonly string[] {
    return this.#owners.get(owner)?.keys ?? [];
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
    const createdAt = this.#byId.get(id)?.createdAt ?? 0;
    return createdAt < place.createdAt || (createdAt === place.createdAt && id < place.id);
  }

  #owned(owner: string): Owned {
    let owned = this.#owners.get(owner);
    if (owned === undefined) {
      owned = { keys: [], events: [] };
      this.#owners.set(owner, owned);
    }
    return owned;
  }
}

function digestTaken(): KeywrightError {
  return new KeywrightError('digest_taken', 'another key has this digest or id');
}
