/**
 * Records which events of each owner each consumer has received, and which claim delivers to it now. A
 * consumer is a system that receives all events of all owners, such as a SIEM.
 *
 * Every method promises:
 *
 * - **Nothing is missed.** An owner can be claimed for a consumer from the commit of an event until its
 *   sequence has been recorded for that consumer. It does not matter how late the event commits.
 * - **One at a time.** At most one claim holds an owner for a consumer. A claim ends when it is
 *   released, or when its lease expires by the store's clock and another one takes over.
 * - **Fenced.** Once another claim has taken over, calls for the old one change nothing. A position never
 *   moves back.
 * - **Cheap.** A claim finds the owners with undelivered events by an index, and reads no others.
 *
 * Consumers, owners and holders compare byte for byte.
 */
export interface DeliveryQueue {
  /**
   * Adds a consumer, which is then due the whole activity of every owner. Does nothing if it was added
   * before. The first call reads all owners. An interrupted call can be repeated.
   */
  register(consumer: string): Promise<void>;

  /**
   * Claims owners whose events the consumer has not received, those that have waited longest first.
   * Returns fewer than `limit` if no more can be claimed, or if a concurrent claim took some.
   */
  claim(request: ClaimRequest): Promise<readonly DeliveryClaim[]>;

  /**
   * Records that the consumer has received all events up to `sequence`, and extends the lease to `leaseMs`
   * from now. Returns `false`, and changes nothing, if another claim has taken over.
   */
  record(claim: ClaimRef, progress: ClaimProgress): Promise<boolean>;

  /**
   * Records that the consumer has received all events up to `sequence`, and ends the claim. If the owner
   * has more events, it can be claimed again at once.
   *
   * Pass `retryMs` if the delivery failed: this owner, and no other, cannot be claimed until that many
   * milliseconds have passed. Returns `false`, and changes nothing, if another claim has taken over.
   */
  release(claim: ClaimRef, outcome: ClaimOutcome): Promise<boolean>;
}

/** What to claim. */
export interface ClaimRequest {
  readonly consumer: string;
  /** A text that no other claim has ever used. */
  readonly holder: string;
  /** The largest number of owners to claim, 1 to 100. */
  readonly limit: number;
  /** How long the claim lasts unless it is extended, in milliseconds. */
  readonly leaseMs: number;
}

/** Identifies a claim. */
export interface ClaimRef {
  readonly consumer: string;
  readonly owner: string;
  readonly holder: string;
}

/** An owner that was claimed. */
export interface DeliveryClaim extends ClaimRef {
  /** The consumer has received all events of the owner up to this one; 0 if it has none. */
  readonly sequence: number;
  /** How often delivery has failed since the position last moved. */
  readonly failures: number;
}

/** The progress of a claim. */
export interface ClaimProgress {
  readonly sequence: number;
  /** How long the claim lasts from now, in milliseconds. */
  readonly leaseMs: number;
}

/** How a claim ended. */
export interface ClaimOutcome {
  readonly sequence: number;
  /** Milliseconds until the owner can be claimed again; absent if the delivery did not fail. */
  readonly retryMs?: number;
}
