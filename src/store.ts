import type { ChangeFeed } from './change-feed.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import type {
  ActivityAction,
  ActivityEvent,
  ChainHead,
  FactorDocument,
  KeyState,
  Page,
  StoredKey,
  VerifiableKey,
} from './record.ts';
import type { StoreFinding } from './store-finding.ts';

/**
 * Stores keys and their activity. Every change of them is written by `commit`.
 *
 * Every method promises:
 *
 * - **Atomicity.** A {@link Change} is written whole, with its events and the new head, or not at all.
 *   A commit that rejects has written nothing, unless the error says `indeterminate: true`.
 * - **Decided on a head.** Every change moves the head of its owner's chain. A commit compares it with
 *   the head that the change was decided on, so no data of that decision can have changed.
 * - **Linearizable.** A read that begins after a commit has resolved sees it, in every process.
 * - **Absence** is `undefined`, or no entry in a list. With `owner` in a {@link KeyRef}, another owner's
 *   key is absent.
 * - **Errors** have a `code`. A cursor that no page of the same query returned rejects with
 *   `invalid_argument`. Any other rejection means that the store failed: a look-up ends in a 503.
 * - **Verbatim.** Text is returned exactly as it was written. Owner, id, digest and actor id compare byte
 *   for byte, whatever collation the engine prefers. The caller has rejected NUL and lone surrogates.
 * - **Isolation.** The store keeps no reference to an argument. Changing a returned object, unless it
 *   is frozen, does not change the stored data.
 * - **Independent of the connection.** An earlier user may have left a pooled connection in any state, such
 *   as an open transaction. The result of a read or a commit is still correct, or it rejects.
 *
 * `testKeyStore` of `keywright/testing` checks a store against these promises.
 */
export interface KeyStore extends ChangeScope {
  /**
   * Finds the key with this digest, by one indexed read and no write. Every verification calls it once.
   * Also finds revoked, expired and disabled keys. A store that has the result in memory may return it
   * without a promise.
   *
   * @param accepts whether the caller would accept a record. A cache returns only accepted records
   * from memory, and reads every other from the store, so that refusals cost the same.
   */
  findByDigest(
    digest: string,
    accepts?: (key: VerifiableKey) => boolean,
  ): Promise<VerifiableKey | undefined> | VerifiableKey | undefined;

  /** Finds the key with this id. */
  find(ref: KeyRef): Promise<StoredKey | undefined>;

  /** Lists an owner's keys, newest first; keys of the same millisecond by id, descending. */
  list(query: KeyQuery): Promise<Page<StoredKey>>;

  /**
   * Lists keys of all owners, for operators and background jobs.
   *
   * Optional: without it, `keywright/operators` can neither list nor revoke across owners.
   */
  listAll?(query: AllKeysQuery): Promise<Page<StoredKey>>;

  /** Lists an owner's events, newest first. */
  listActivity(query: ActivityQuery): Promise<Page<ActivityEvent>>;

  /** Reads the owner's events with a sequence above `after`, oldest first, at most `limit`. */
  readChain(owner: string, after: number, limit: number): Promise<ActivityEvent[]>;

  /** Reads the newest link of the owner's chain; `EMPTY_HEAD` if the owner has no events. */
  head(owner: string): Promise<ChainHead>;

  /**
   * Writes when keys were last used: id to epoch milliseconds. A stored time never decreases, and unknown
   * ids are skipped. Writes no event and moves no head. May have written a part when it rejects.
   */
  recordUsage(usage: ReadonlyMap<string, number>): Promise<void>;

  /**
   * Runs `work` while no other change of the owner can commit: after a lost race, and for bulk changes.
   * What `work` commits is durable once `hold` has resolved, at the latest. If `work` rejects before it
   * commits, nothing is written. Rejects with `change_contended` if others hold the owner for some seconds.
   *
   * Optional: without it, a change that loses a race is retried after a pause.
   */
  hold?<Result>(owner: string, work: (held: ChangeScope) => Promise<Result>): Promise<Result>;

  /**
   * Runs `work` within an open transaction of the application on the same database. Its type is that of
   * the store's client. Views lock the owner's head first. A commit whose result is not
   * `committed` leaves the transaction unchanged. All others take effect when the application commits.
   *
   * Rejects with `invalid_argument` if the argument is not an open transaction of this database. Optional:
   * absent if the store cannot join transactions.
   */
  join?<Result>(
    transaction: unknown,
    work: (joined: ChangeScope) => Promise<Result>,
  ): Promise<Result>;

  /**
   * Reads the settings that the promises above depend on, and returns those that break one, or may break
   * one. Changes nothing. Rejects if the database cannot be reached.
   *
   * Optional: `checkStore` then reports that nothing was inspected.
   */
  inspect?(): Promise<readonly StoreFinding[]>;

  /** Absent if the store cannot be cached. */
  readonly changes?: ChangeFeed;

  /** Absent if the store does not support `deliverActivity`. */
  readonly deliveries?: DeliveryQueue;
}

/** Where a change is decided and committed: the store itself, a hold, or a joined transaction. */
export interface ChangeScope {
  /** Reads the data that a change is decided on: the head first, or everything from one snapshot. */
  view(query: ViewQuery): Promise<View>;

  /**
   * Compares the owner's head with {@link Change.head}, and writes the whole change or nothing.
   *
   * `stale` also stands for other signs of a concurrent change, such as a serialization failure or a
   * deadlock.
   */
  commit(change: Change): Promise<CommitResult>;
}

/**
 * Selects the data to read for a change.
 *
 * - `owner`: the head alone
 * - `key`: the key, and after it the key that {@link StoredKey.replacedBy} names, if there is one
 * - `unrevoked`: all keys of the owner that are not revoked
 * - `actor`: all of the owner's data that names an actor: events that are not erased, keys that the actor
 *   created, and their second factor
 * - `factor`: the second factor of an actor
 */
export type ViewQuery =
  | { readonly kind: 'owner'; readonly owner: string }
  | ({ readonly kind: 'key' } & KeyRef)
  | { readonly kind: 'unrevoked'; readonly owner: string }
  | { readonly kind: 'actor'; readonly owner: string; readonly actorId: string }
  | { readonly kind: 'factor'; readonly owner: string; readonly actorId: string };

/** The result of a {@link ViewQuery}. */
export interface View {
  /** The head of the owner's chain; `EMPTY_HEAD` if there is none, or the key is absent. */
  readonly head: ChainHead;
  /** The keys that the query selects; empty if it selects none. */
  readonly keys: readonly StoredKey[];
  /** The events that the query selects, in any order; empty if it selects none. */
  readonly events: readonly ActivityEvent[];
  /** The second factor, if the query selects it and there is one. */
  readonly factor?: FactorDocument;
}

/** One change of an owner's data, decided on the data as of `head`. */
export interface Change {
  readonly owner: string;
  /** The head that the owner's chain must still have. */
  readonly head: ChainHead;
  /** Sealed events that follow `head`; the last becomes the new head. Empty for an upgraded digest. */
  readonly events: readonly ActivityEvent[];
  readonly added: readonly StoredKey[];
  readonly changed: readonly KeyReplacement[];
  /** Erased events. Each replaces the stored event with its sequence. */
  readonly erased: readonly ActivityEvent[];
  readonly factor?: FactorWrite;
  /**
   * Ids of keys that caches must drop. The generation increases by their number. Keys that are only added
   * are not included, so a cache must never keep an absence.
   */
  readonly purged: readonly string[];
}

/** A key before and after a change. Only fields that differ are written; never `lastUsedAt`. */
export interface KeyReplacement {
  /** As the view returned it. A commit is stale if the digest of the key has changed since. */
  readonly before: StoredKey;
  readonly after: StoredKey;
}

/** A write of an actor's second factor. */
export interface FactorWrite {
  readonly actorId: string;
  /** The new document, whose version is the sequence of the new head; `undefined` deletes it. */
  readonly document: FactorDocument | undefined;
}

/** The result of a commit. Only `committed` has written anything. */
export type CommitResult =
  | {
      readonly status: 'committed';
      /** The longest lease, in ms, that any cache ever registered; any number if nothing is purged. */
      readonly watchedMs: number;
    }
  | {
      /** The head has moved: decide again. */
      readonly status: 'stale';
      /** The current head, if the store read it in the same round trip. */
      readonly head?: ChainHead;
    }
  | {
      /** An added or changed key has the digest or the id of another key. */
      readonly status: 'digest_taken';
    };

/** Identifies a key. With `owner`, a key of another owner is absent. */
export interface KeyRef {
  readonly id: string;
  readonly owner?: string;
}

/** Filters of a list of keys. An absent filter excludes nothing. */
export interface KeyFilters {
  readonly environment?: string;
  readonly state?: KeyState;
  /** Keys whose name contains this text, once `foldText` of `keywright/store-kit` has folded both. */
  readonly text?: string;
  /** Keys that have an expiry before this moment. */
  readonly expiresBefore?: number;
  /** Keys that were created before this moment and not used since. */
  readonly unusedSince?: number;
  /** The time at which `state` is evaluated. */
  readonly now: number;
}

/** Selects a page of an owner's keys. */
export interface KeyQuery extends KeyFilters {
  readonly owner: string;
  /** The largest number of items, 1 to 100. */
  readonly limit: number;
  readonly cursor?: string;
}

/** Filters of the keys of all owners. */
export interface AllKeysFilters extends KeyFilters {
  /** The id of the actor who created the keys. */
  readonly createdBy?: string;
  /** Keys with exactly this hint. */
  readonly hint?: string;
  /** Keys that were created at this moment or later. */
  readonly createdAfter?: number;
  /** Keys that were created before this moment. */
  readonly createdBefore?: number;
  /** Keys that have an expiry at this moment or later. */
  readonly expiresAfter?: number;
}

/** Selects a page of the keys of all owners. */
export interface AllKeysQuery extends AllKeysFilters {
  /**
   * `created`: newest first; keys of the same millisecond by id, descending. `expiry`: only keys that
   * have an expiry, the first to expire first; keys of the same millisecond by id, ascending.
   */
  readonly order: 'created' | 'expiry';
  /** The largest number of items, 1 to 100. */
  readonly limit: number;
  /** The cursor of a page of the same order. */
  readonly cursor?: string;
}

/** Selects a page of an owner's events. */
export interface ActivityQuery {
  readonly owner: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly keyId?: string;
  readonly action?: ActivityAction;
  readonly actorId?: string;
  /** Events at this moment or later. */
  readonly from?: number;
  /** Events before this moment. */
  readonly to?: number;
}
