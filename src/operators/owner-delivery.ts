import { withDeadline } from '../deadline.ts';
import type { DeliveryQueue } from '../delivery-queue.ts';
import { cloneJson } from '../json.ts';
import type { KeyStore } from '../store.ts';
import type { ClaimLease } from './claim-lease.ts';
import type { DeliverEvents } from './delivery-options.ts';

/** Maximum number of batches of one owner in a row, before other owners get their turn. */
const MOST_BATCHES = 20;
const FIRST_RETRY_MS = 1000;

interface OwnerParts {
  readonly store: Pick<KeyStore, 'readChain'>;
  readonly queue: DeliveryQueue;
  readonly storeTimeoutMs: number;
  readonly deliver: DeliverEvents;
  readonly batchSize: number;
  readonly maxRetryMs: number;
  readonly signal: AbortSignal;
}

/** Delivers one owner's events batch by batch, under a claim. */
export class OwnerDelivery {
  /** The number of events that were delivered. */
  events = 0;
  readonly #lease: ClaimLease;
  readonly #parts: OwnerParts;
  #sequence: number;

  constructor(lease: ClaimLease, parts: OwnerParts) {
    this.#lease = lease;
    this.#parts = parts;
    this.#sequence = lease.claim.sequence;
  }

  /** Rejects with the error of reading, delivering or recording. */
  async run(): Promise<void> {
    const { queue, signal, batchSize, storeTimeoutMs } = this.#parts;
    for (let batches = 1; ; batches++) {
      const count = await this.#deliverBatch();
      if (this.#lease.signal.aborted) return;
      if (count < batchSize || batches === MOST_BATCHES || signal.aborted) break;
      if (!(await this.#lease.record(this.#sequence))) return;
    }
    const released = queue.release(this.#lease.claim, { sequence: this.#sequence });
    await withDeadline(released, storeTimeoutMs);
  }

  /** Releases the claim after a failure. Resolves with the milliseconds until the next try. */
  async releaseFailed(): Promise<number> {
    const { queue, storeTimeoutMs, maxRetryMs } = this.#parts;
    const { claim } = this.#lease;
    const failures = this.#sequence > claim.sequence ? 0 : claim.failures;
    const retryMs = Math.min(FIRST_RETRY_MS * 2 ** failures, maxRetryMs);
    const released = queue.release(claim, { sequence: this.#sequence, retryMs });
    // If this fails, the lease expires.
    await withDeadline(released, storeTimeoutMs).catch(() => {});
    return retryMs;
  }

  async #deliverBatch(): Promise<number> {
    const { store, deliver, batchSize, storeTimeoutMs } = this.#parts;
    const { owner } = this.#lease.claim;
    const reading = store.readChain(owner, this.#sequence, batchSize);
    const events = cloneJson(await withDeadline(reading, storeTimeoutMs));
    const last = events.at(-1);
    if (last === undefined || this.#lease.signal.aborted) return 0;
    const { signal } = this.#lease;
    await deliver(events, { owner, signal });
    this.events += events.length;
    this.#sequence = last.sequence;
    return events.length;
  }
}
