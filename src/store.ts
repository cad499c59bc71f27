import type {
  ActivityAction,
  ActivityEvent,
  Actor,
  ChainHead,
  FactorChange,
  FactorDocument,
  FactorRef,
  KeyChange,
  KeyState,
  Page,
  StoredKey,
} from './record.ts';

/**
 * Where keys and their activity live.
 *
 * What every member promises:
 *
 * - **Atomicity.** A mutation commits its whole change together with its activity event, or neither.
 *   A rejected mutation has left nothing; only when the connection broke during the commit may it
 *   have taken place.
 * - **Decided in the statement.** Whether a change applies is decided by the state of the row at
 *   the moment it is written, and only the changed fields are written: never read, merge and write.
 *   Concurrent mutations of one key have some serial order, in which each saw the one before.
 * - **Linearizable.** A read that begins after a mutation has resolved sees it, in every process.
 * - **Absence** is `undefined`. With `owner` in a {@link KeyRef}, another owner's key is absent.
 * - **Errors.** A taken digest or id rejects with code `digest_taken`, a cursor that no page of the
 *   same query gave with `invalid_argument`. Whatever else rejects counts as a store that failed:
 *   for a look-up, an answer of 503.
 * - **Verbatim.** Text comes back as it was given. Owner, id, digest and actor id compare byte for
 *   byte, whatever collation the engine prefers. The caller has refused NUL and lone surrogates.
 * - **Isolation.** Nothing handed in is kept by reference, and nothing handed out, if it can be
 *   written to at all, changes what is kept.
 * - **Verdicts.** `update`, `rotate`, `revoke` and `revokeAll` turn verdicts: after them a look-up
 *   gives another record. `create`, `recordUsage` and `upgradeDigest` do not, so a cache keeps its
 *   entries over them, and must therefore never keep an absence.
 *
 * `testKeyStore` of `keywright/testing` checks a store against all of this.
 */
export interface KeyStore {
  /**
   * The key with this digest, by one indexed read and no write: this is the hot path, once a
   * verification. A revoked, expired or disabled key is found too. A store that has the answer in
   * memory may give it at once, without a promise.
   */
  findByDigest(digest: string): Promise<StoredKey | undefined> | StoredKey | undefined;

  /**
   * The key of an id; `undefined` where there is none, or its owner is another than was named. With
   * a transaction of the host, the key as that sees it, over the connection that it has.
   */
  find(ref: KeyRef, options?: TransactionOptions): Promise<StoredKey | undefined>;

  /** An owner's keys, newest first; among keys of one millisecond, by id descending. */
  list(query: KeyQuery): Promise<Page<StoredKey>>;

  /**
   * Adds a key, with the event `key.created`.
   *
   * Rejects with `digest_taken` if a key has the same digest or id, and leaves that one as it is.
   */
  create(key: StoredKey, trace: Trace, options?: TransactionOptions): Promise<void>;

  /**
   * Changes the given fields, with the event `key.updated`. A revoked key is left as it is and
   * gives `refused: 'revoked'`.
   */
  update(
    ref: KeyRef,
    change: KeyChange,
    trace: Trace,
    options?: TransactionOptions,
  ): Promise<UpdateOutcome | undefined>;

  /**
   * Adds a successor and links the two, with one event, `key.rotated`, on the predecessor.
   *
   * The successor takes over name, owner, environment, scopes, metadata, `enabled` and, unless
   * {@link Successor.expiresAt} says otherwise, the expiry: its own, or that of an earlier successor
   * that was revoked before it expired. The predecessor is refused from {@link Successor.graceEndsAt}
   * on, or from its own expiry if that comes first. Of several rotations at once, one succeeds. See
   * {@link RotateRefusal} for what forbids it.
   *
   * Rejects with `digest_taken` as `create` does.
   */
  rotate(
    ref: KeyRef,
    successor: Successor,
    trace: Trace,
    options?: TransactionOptions,
  ): Promise<RotateOutcome | undefined>;

  /**
   * Revokes the key for good, with the event `key.revoked`. A key that is revoked already stays as
   * it is, without an event. Resolves when the {@link ChangeFeed} says that no cache can still
   * hold the key for valid.
   */
  revoke(ref: KeyRef, trace: Trace): Promise<StoredKey | undefined>;

  /**
   * Revokes every key of the owner that is not revoked yet, in one transaction, with one event
   * `key.revoked` each, and gives their number. A key whose creation has resolved before is among
   * them. Resolves as `revoke` does.
   */
  revokeAll(owner: string, trace: Trace): Promise<number>;

  /**
   * Notes when keys were last used: id to epoch milliseconds. Only ever forward; ids that are
   * unknown are passed over. No event. A batch may be applied in part when it rejects.
   */
  recordUsage(usage: ReadonlyMap<string, number>): Promise<void>;

  /**
   * Replaces the digest `from` of a key by `to`, for a change of the digest's algorithm, and tells
   * whether the key had it. No event. Rejects with `digest_taken`.
   */
  upgradeDigest(id: string, from: string, to: string): Promise<boolean>;

  /** An owner's events, newest first. */
  listActivity(query: ActivityQuery): Promise<Page<ActivityEvent>>;

  /** The owner's events with a sequence above `after`, oldest first, at most `limit`. */
  readChain(owner: string, after: number, limit: number): Promise<ActivityEvent[]>;

  /** The newest link of the owner's chain; `EMPTY_HEAD` if the owner has no events. */
  head(owner: string): Promise<ChainHead>;

  /**
   * Erases what the actor with this id left in the owner's data: the payload of their events
   * becomes its digest, `createdBy` of the keys that they made becomes the erased actor, and their
   * second factor is taken away. Leaves one event, `activity.erased`, and gives the number of
   * events erased. The chain stays whole.
   */
  eraseActor(owner: string, actorId: string, trace: Trace): Promise<number>;

  /** Absent on a store that no cache can stand before. */
  readonly changes?: ChangeFeed;

  /** Absent on a store that has no place for second factors. */
  readonly factors?: FactorStore;
}

/** Which key. With `owner`, a key of another owner is absent, and the statement decides that. */
export interface KeyRef {
  readonly id: string;
  readonly owner?: string;
}

/** The part of an activity event that the caller knows: when, who and why. */
export interface Trace {
  /** Epoch milliseconds; also the "now" by which the statement decides on states. */
  readonly at: number;
  readonly actor: Actor;
  readonly reason?: string;
}

/** Where a change, or the read that it begins with, takes place. */
export interface TransactionOptions {
  /**
   * A transaction of the host on the same database, in the type of the store's client. The change
   * and its event then commit or vanish with the host's own rows. A store that cannot join one
   * rejects with `invalid_argument`.
   */
  readonly transaction?: unknown;
}

/** The new key of a rotation, as far as it does not take after its predecessor. */
export interface Successor {
  readonly id: string;
  readonly digest: string;
  readonly hint: string;
  /** Epoch milliseconds, or `null` for none; the predecessor's if left out. */
  readonly expiresAt?: number | null;
  /** From when on the predecessor is refused; if left out, it lives until it is revoked. */
  readonly graceEndsAt?: number;
}

/** The key as it now is, or why it was left as it is. */
export type UpdateOutcome = { readonly key: StoredKey } | { readonly refused: 'revoked' };

/**
 * Why a key is not rotated: it is `revoked`; it is `expired` and the successor would take that
 * over, as it is where the key that has replaced one with an expiry has itself expired; or it has been
 * `replaced` by a key that is neither revoked nor expired.
 */
export type RotateRefusal = 'revoked' | 'expired' | 'replaced';

/** The successor and the predecessor as they now are, or why there is no successor. */
export type RotateOutcome =
  | { readonly key: StoredKey; readonly replaced: StoredKey }
  | { readonly refused: RotateRefusal };

/** Which keys of an owner. Filters narrow; those left out do not. */
export interface KeyQuery {
  readonly owner: string;
  /** At most so many items, 1 to 100. */
  readonly limit: number;
  readonly cursor?: string;
  readonly environment?: string;
  readonly state?: KeyState;
  /** Keys whose name holds this text; both are compared in lower case (`String#toLowerCase`). */
  readonly text?: string;
  /** Keys that have an expiry before this moment. */
  readonly expiresBefore?: number;
  /** Keys not used since this moment; one that was never used counts from its creation. */
  readonly unusedSince?: number;
  /** The moment by which `state` is told. */
  readonly now: number;
}

/** Which events of an owner. */
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

/**
 * Where second factors live: for an owner and an actor, one document that the store does not read.
 * It changes by comparing and setting its version, so that what is decided on it, such as whether a
 * code has been used, is decided once, however many processes try at the same time.
 */
export interface FactorStore {
  /** The document of an actor in an owner's data, or `undefined` where there is none. */
  read(ref: FactorRef): Promise<FactorDocument | undefined>;

  /**
   * Puts a document in the place of the one that was seen, with one event of the action, about no
   * key. If the document is not of the version that was seen, writes nothing and gives `false`.
   */
  write(ref: FactorRef, change: FactorChange, trace: Trace): Promise<boolean>;
}

/**
 * How caches hear of change, and how a revocation waits for them.
 *
 * The store counts a generation, which every change that turns a verdict raises by one in its own
 * transaction. A cache answers from memory only under a lease, and a lease is granted only to a
 * holder that has seen the current generation, that is, has dropped all it read before. A change
 * resolves when every lease that was granted under an older generation has been renewed under
 * its own, given back, or has run out.
 *
 * The waiting is the store's, so that a command-line tool or another service that revokes on the
 * same database keeps the promise without knowing who caches. This is the lease of Gray and
 * Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache
 * Consistency", SOSP 1989.
 */
export interface ChangeFeed {
  /**
   * Asks for a lease of `leaseMs` for a holder that has seen the generation `seen` (any number that
   * is no generation, such as -1, for one that has seen none), and gives the current generation.
   *
   * The lease is granted exactly if the two are equal; the holder then may answer from memory for
   * `leaseMs` from the moment before it asked. Otherwise an earlier lease runs on unchanged: the
   * holder drops what it has and asks again. Of two leases of a holder within a generation the longer
   * counts, as it may not have heard the second answer. The store counts a lease 1% longer than it
   * is, for clocks whose rates differ.
   */
  lease(holder: string, seen: number, leaseMs: number): Promise<number>;

  /** Gives the holder's lease back at once; the holder has stopped answering from memory. */
  release(holder: string): Promise<void>;

  /**
   * Calls `listener` soon after each change that turns a verdict, in this process or another. A hint
   * that makes the wait of changes short: it may come late or be lost, and nothing rests on it.
   * The returned function ends it. Absent where the engine has no push.
   */
  subscribe?(listener: () => void): Promise<() => Promise<void>>;
}
