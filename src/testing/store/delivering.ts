import type { DeliveryClaim, DeliveryQueue } from '../../delivery-queue.ts';
import type { ActivityEvent } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { assert } from '../assert.ts';
import { type Subject, unique } from './subject.ts';
import { until } from './timing.ts';

/** A lease that does not expire during a check. */
export const LONG_MS = 600_000;

export function queueOf(store: KeyStore): DeliveryQueue {
  assert(store.deliveries !== undefined, 'the store has deliveries');
  return store.deliveries;
}

/** Claims once, for a new holder. */
export function claim(
  store: KeyStore,
  consumer: string,
  { limit = 100, leaseMs = LONG_MS } = {},
): Promise<readonly DeliveryClaim[]> {
  return queueOf(store).claim({ consumer, holder: unique('holder'), limit, leaseMs });
}

/** Claims all owners that can be claimed for the consumer. */
export async function claimAll(
  store: KeyStore,
  consumer: string,
  leaseMs = LONG_MS,
): Promise<Map<string, DeliveryClaim>> {
  const claims = new Map<string, DeliveryClaim>();
  for (;;) {
    const claimed = await claim(store, consumer, { leaseMs });
    for (const each of claimed) {
      assert(!claims.has(each.owner) || leaseMs < LONG_MS, 'an owner is claimed once');
      claims.set(each.owner, each);
    }
    if (claimed.length === 0 || leaseMs < LONG_MS) return claims;
  }
}

/** Registers a consumer, and claims the owners of all other checks. */
export async function newConsumer({ store }: Pick<Subject, 'store'>): Promise<string> {
  const consumer = unique('siem');
  await queueOf(store).register(consumer);
  await claimAll(store, consumer);
  return consumer;
}

/** Claims an owner, and fails if that is not possible at once. */
export async function claimOf(
  store: KeyStore,
  consumer: string,
  owner: string,
): Promise<DeliveryClaim> {
  const claimed = (await claimAll(store, consumer)).get(owner);
  assert(claimed !== undefined, 'the owner can be claimed');
  return claimed;
}

/** Claims an owner, after waiting for a lease or a delay to end. */
export async function claimSoon(
  store: KeyStore,
  consumer: string,
  owner: string,
): Promise<DeliveryClaim> {
  let claimed: DeliveryClaim | undefined;
  await until(async () => {
    claimed = (await claimAll(store, consumer)).get(owner);
    return claimed !== undefined;
  }, 'the owner can be claimed again');
  return claimed as DeliveryClaim;
}

/** The events that a claim has to deliver. */
export function eventsAfter(store: KeyStore, of: DeliveryClaim): Promise<ActivityEvent[]> {
  return store.readChain(of.owner, of.sequence, 100);
}
