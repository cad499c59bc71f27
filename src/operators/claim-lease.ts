import { monotonicMs, systemTiming } from '../clock.ts';
import { withDeadline } from '../deadline.ts';
import type { DeliveryClaim, DeliveryQueue } from '../delivery-queue.ts';

interface LeaseParts {
  readonly queue: DeliveryQueue;
  readonly leaseMs: number;
  readonly storeTimeoutMs: number;
}

/** A claim whose lease is renewed until its events have been delivered, however long that takes. */
export class ClaimLease {
  readonly claim: DeliveryClaim;
  readonly #parts: LeaseParts;
  readonly #lost = new AbortController();
  #sequence: number;
  #until: number;
  #cancel = () => {};

  constructor(claim: DeliveryClaim, parts: LeaseParts) {
    this.claim = claim;
    this.#parts = parts;
    this.#sequence = claim.sequence;
    this.#until = monotonicMs() + parts.leaseMs;
    this.#schedule();
  }

  /** Aborted once another deliverer may have taken over. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Records the position. Resolves with whether this process still holds the claim. */
  async record(sequence: number): Promise<boolean> {
    const { queue, leaseMs, storeTimeoutMs } = this.#parts;
    const sentAt = monotonicMs();
    const recorded = queue.record(this.claim, { sequence, leaseMs });
    if (!(await withDeadline(recorded, storeTimeoutMs))) {
      this.#lost.abort();
      return false;
    }
    this.#sequence = sequence;
    this.#until = sentAt + leaseMs;
    return true;
  }

  /** Stops the renewal. */
  end(): void {
    this.#cancel();
    this.#cancel = () => {};
  }

  #schedule(): void {
    this.#cancel = systemTiming.schedule(this.#parts.leaseMs / 3, () => {
      this.#schedule();
      // If the store has failed for a whole lease, another process may hold the claim.
      this.record(this.#sequence).catch(() => {
        if (monotonicMs() >= this.#until) this.#lost.abort();
      });
    });
  }
}
