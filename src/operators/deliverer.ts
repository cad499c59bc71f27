import { withDeadline } from '../deadline.ts';
import type { DeliveryClaim, DeliveryQueue } from '../delivery-queue.ts';
import type { KeyStore } from '../store.ts';
import { systemText } from '../token/random.ts';
import { ClaimLease } from './claim-lease.ts';
import type { DeliverEvents, DeliveryFailure, DeliveryReport } from './delivery-options.ts';
import { OwnerDelivery } from './owner-delivery.ts';

/** The dependencies and options of a deliverer. All times are in milliseconds. */
export interface DelivererParts {
  readonly store: Pick<KeyStore, 'readChain'>;
  readonly queue: DeliveryQueue;
  readonly storeTimeoutMs: number;
  readonly deliver: DeliverEvents;
  readonly consumer: string;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly pollMs: number;
  readonly leaseMs: number;
  readonly maxRetryMs: number;
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly report: (failure: DeliveryFailure) => void;
}

/** Claims owners with undelivered events, and delivers several owners concurrently. */
export class Deliverer {
  readonly #parts: DelivererParts;
  readonly #active = new Set<Promise<void>>();
  #isRegistered = false;
  #events = 0;
  #failures = 0;

  constructor(parts: DelivererParts) {
    this.#parts = parts;
  }

  async run(): Promise<DeliveryReport> {
    const { concurrency, once, signal } = this.#parts;
    while (!signal.aborted) {
      const claims = await this.#claim(concurrency - this.#active.size);
      for (const claim of claims) this.#begin(claim);
      if (this.#active.size >= concurrency) await Promise.race(this.#active);
      else if (claims.length === 0) {
        if (once && this.#active.size === 0) break;
        await this.#idle();
      }
    }
    await Promise.all(this.#active);
    return { events: this.#events, failures: this.#failures };
  }

  async #claim(limit: number): Promise<readonly DeliveryClaim[]> {
    const { queue, consumer, leaseMs, storeTimeoutMs, once, pollMs } = this.#parts;
    const request = { consumer, holder: systemText(22), limit, leaseMs };
    try {
      if (!this.#isRegistered) await queue.register(consumer);
      this.#isRegistered = true;
      return await withDeadline(queue.claim(request), storeTimeoutMs);
    } catch (error) {
      if (once) throw error;
      this.#fail({ error, retryMs: pollMs });
      return [];
    }
  }

  #begin(claim: DeliveryClaim): void {
    const work = this.#deliver(claim).finally(() => this.#active.delete(work));
    this.#active.add(work);
  }

  async #deliver(claim: DeliveryClaim): Promise<void> {
    const { owner } = claim;
    const lease = new ClaimLease(claim, this.#parts);
    const delivery = new OwnerDelivery(lease, this.#parts);
    try {
      await delivery.run();
    } catch (error) {
      const retryMs = await delivery.releaseFailed();
      this.#fail({ error, owner, retryMs });
    } finally {
      lease.end();
      this.#events += delivery.events;
    }
  }

  #fail(failure: DeliveryFailure): void {
    this.#failures++;
    try {
      this.#parts.report(failure);
    } catch {}
  }

  /** Waits until the next poll, the end of an owner's delivery, or the abort of `signal`. */
  async #idle(): Promise<void> {
    const { pollMs, signal } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, pollMs);
    const wake = () => resolve();
    signal.addEventListener('abort', wake, { once: true });
    await Promise.race([promise, ...this.#active]);
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
  }
}
