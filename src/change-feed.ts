/**
 * Caches read from the feed which keys changed. A change reads from it which caches it must wait for.
 * Rule numbers are those of the fleet protocol in `docs/guide/fleet.md`.
 *
 * Generations are counted in shards. An owner's keys depend on the shards of {@link shardsOf}. A commit
 * increases the generation of one shard by the number of purged keys, and draws it a new random mark. It
 * also prepends the ids of the keys to the shard's list of the 32 most recent ones (R9). Each method runs
 * one statement on the primary, outside any transaction.
 */
export interface ChangeFeed {
  /** The shards that a record of this owner depends on. */
  shardsOf(owner: string): readonly number[];

  /** Reads the total of all generations, and the total that this holder has acknowledged. */
  poll(holder: string): Promise<FeedPoll>;

  /** Reads the shards whose generation differs from `seen`; all shards if `seen` is empty. */
  read(seen: ReadonlyMap<number, number>): Promise<FeedRead>;

  /**
   * Adds or updates a member: the holder has dropped all entries that changed up to `total`. The stored
   * total never decreases, and is durable before this resolves. A call may arrive late or twice. The
   * holder `*` stands for all caches that do not acknowledge.
   */
  acknowledge(holder: string, total: number, leaseMs: number): Promise<void>;

  /** Deletes a member that no longer answers from memory. */
  leave(holder: string): Promise<void>;

  /** Makes commits report at least `leaseMs` as `watchedMs`; durable before it resolves (R15). */
  register(leaseMs: number): Promise<void>;

  /** Notifies listeners of a commit. Correctness does not depend on it: it may be lost or late. */
  hint(): Promise<void>;

  /**
   * Calls `listener` soon after any process has called {@link hint}. The returned function unsubscribes.
   * Absent if the engine has no push.
   */
  subscribe?(listener: () => void): Promise<() => Promise<void>>;

  /** Reads the members, and the total that each must acknowledge before a committed change resolves (R10). */
  readMembers(): Promise<FeedMembers>;

  /** Deletes the given members that have not acknowledged `total` by now (R14). Never deletes `*`. */
  prune(holders: readonly string[], total: number): Promise<void>;

  /** Records that a change has waited for every lease of earlier epochs (R13). */
  settle(epoch: string): Promise<void>;
}

/** The result of {@link ChangeFeed.poll}. */
export interface FeedPoll {
  /** The sum of all generations. */
  readonly total: number;
  /** The exclusive-or of all marks, 16 lower-case hexadecimal digits. */
  readonly marks: string;
  /** The total that the holder has acknowledged; absent if it is not a member. */
  readonly acked?: number;
  /** Differs after a failover or a restore: members or changes may then have been lost. */
  readonly epoch: string;
}

/** The result of {@link ChangeFeed.read}. */
export interface FeedRead {
  readonly epoch: string;
  readonly shards: readonly FeedShard[];
}

/** One shard of the feed. */
export interface FeedShard {
  readonly shard: number;
  readonly generation: number;
  /** 64 random bits, redrawn by each commit that increases the generation; 16 lower-case hex digits. */
  readonly mark: string;
  /** The ids of the last purged keys, newest first, at most 32. An id may repeat. */
  readonly recent: readonly string[];
}

/** The result of {@link ChangeFeed.readMembers}. */
export interface FeedMembers {
  readonly total: number;
  readonly members: readonly FeedMember[];
  /** The longest lease that any cache ever registered, in milliseconds. */
  readonly maxLeaseMs: number;
  readonly epoch: string;
  /** The epoch of the last {@link ChangeFeed.settle} call; absent before the first. */
  readonly settled?: string;
}

/** A cache that may answer from memory. */
export interface FeedMember {
  readonly holder: string;
  readonly acked: number;
}
