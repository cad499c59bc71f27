import type { ActivityEvent } from '../record.ts';

/** Delivers events of one owner, oldest first. They count as delivered once it resolves. */
export type DeliverEvents = (
  events: readonly ActivityEvent[],
  context: DeliveryContext,
) => Promise<void> | void;

/** What a {@link DeliverEvents} function receives besides the events. */
export interface DeliveryContext {
  readonly owner: string;
  /** Aborted once another deliverer may have taken over the owner. */
  readonly signal: AbortSignal;
}

/** Options of `deliverActivity`. */
export interface DeliverActivityOptions {
  /**
   * The name of the receiver: 1 to 64 of `A-Z a-z 0-9 . _ -`. Deliverers with the same name share the work
   * and the recorded positions. A new name receives all events of every owner, from the first one.
   */
  readonly consumer: string;
  /** Maximum number of events in one call of `deliver`, 1 to 1,000. Default 100. */
  readonly batchSize?: number;
  /** Owners that this process delivers concurrently, 1 to 100. Default 8. */
  readonly concurrency?: number;
  /** Milliseconds between polls while there are no new events, 10 to 3,600,000. Default 1,000. */
  readonly pollMs?: number;
  /**
   * Milliseconds after which another deliverer takes over from a process that died, 1,000 to 3,600,000.
   * Default 30,000. A delivery can take longer, because its lease is renewed.
   */
  readonly leaseMs?: number;
  /**
   * Maximum milliseconds between retries for an owner whose delivery fails, 10 to 86,400,000. Default
   * 300,000. The first pause is one second at most, and each further one is twice as long.
   */
  readonly maxRetryMs?: number;
  /** Whether to resolve once there is nothing left to deliver, for a scheduled job. Default `false`. */
  readonly once?: boolean;
  /** Stops the delivery. Running deliveries are completed and recorded, and no further ones start. */
  readonly signal?: AbortSignal;
  /** Called with each failure. An error that it throws is ignored. */
  readonly onError?: (failure: DeliveryFailure) => void;
}

/** A delivery that failed and will be retried. */
export interface DeliveryFailure {
  readonly error: unknown;
  /** Absent if the store failed while claiming owners. */
  readonly owner?: string;
  /** Milliseconds until the next try. */
  readonly retryMs: number;
}

/** What was delivered. */
export interface DeliveryReport {
  /** Delivered events. An event counts once for each time it was delivered. */
  readonly events: number;
  /** Deliveries that failed. */
  readonly failures: number;
}
