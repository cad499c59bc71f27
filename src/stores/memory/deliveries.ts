import { monotonicMs } from '../../clock.ts';
import type {
  ClaimOutcome,
  ClaimProgress,
  ClaimRef,
  ClaimRequest,
  DeliveryClaim,
  DeliveryQueue,
} from '../../delivery-queue.ts';
import type { MemoryTables } from './tables.ts';

interface Delivery {
  sequence: number;
  failures: number;
  holder: string | undefined;
  /** When the owner can be claimed, by the monotonic clock. */
  dueAt: number;
}

interface Consumer {
  readonly deliveries: Map<string, Delivery>;
  /** Owners with something to deliver, those that have waited longest first. */
  readonly due: Set<string>;
}

/** The delivery queue of a memory store. */
export class MemoryDeliveries implements DeliveryQueue {
  readonly #tables: MemoryTables;
  readonly #consumers = new Map<string, Consumer>();

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  /** Records for all consumers that the owner has new events. */
  note(owner: string): void {
    for (const { due } of this.#consumers.values()) due.add(owner);
  }

  async register(consumer: string): Promise<void> {
    if (this.#consumers.has(consumer)) return;
    const due = new Set(this.#tables.owners());
    this.#consumers.set(consumer, { deliveries: new Map(), due });
  }

  async claim(request: ClaimRequest): Promise<DeliveryClaim[]> {
    const { consumer, holder, limit, leaseMs } = request;
    const { due, deliveries } = this.#consumers.get(consumer) ?? NOTHING;
    const now = monotonicMs();
    const claims: DeliveryClaim[] = [];
    for (const owner of due) {
      if (claims.length === limit) break;
      const delivery = deliveries.get(owner) ?? newDelivery();
      if (delivery.dueAt > now) continue;
      deliveries.set(owner, Object.assign(delivery, { holder, dueAt: now + leaseMs }));
      const { sequence, failures } = delivery;
      claims.push({ consumer, owner, holder, sequence, failures });
    }
    return claims;
  }

  async record(claim: ClaimRef, { sequence, leaseMs }: ClaimProgress): Promise<boolean> {
    const delivery = this.#claimed(claim);
    if (delivery === undefined) return false;
    moveTo(delivery, sequence);
    delivery.dueAt = monotonicMs() + leaseMs;
    return true;
  }

  async release(claim: ClaimRef, { sequence, retryMs }: ClaimOutcome): Promise<boolean> {
    const delivery = this.#claimed(claim);
    if (delivery === undefined) return false;
    const { owner, consumer } = claim;
    const { due } = this.#consumers.get(consumer) ?? NOTHING;
    moveTo(delivery, sequence);
    delivery.holder = undefined;
    delivery.failures = retryMs === undefined ? 0 : delivery.failures + 1;
    delivery.dueAt = retryMs === undefined ? 0 : monotonicMs() + retryMs;
    due.delete(owner);
    if (this.#tables.head(owner).sequence > delivery.sequence) due.add(owner);
    return true;
  }

  #claimed({ consumer, owner, holder }: ClaimRef): Delivery | undefined {
    const delivery = this.#consumers.get(consumer)?.deliveries.get(owner);
    return delivery?.holder === holder ? delivery : undefined;
  }
}

const NOTHING: Consumer = { deliveries: new Map(), due: new Set() };

function newDelivery(): Delivery {
  return { sequence: 0, failures: 0, holder: undefined, dueAt: 0 };
}

function moveTo(delivery: Delivery, sequence: number): void {
  if (sequence <= delivery.sequence) return;
  delivery.sequence = sequence;
  delivery.failures = 0;
}
