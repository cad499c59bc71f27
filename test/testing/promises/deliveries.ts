import { memoryStore } from 'keywright';
import type { ClaimRef, DeliveryQueue, KeyStore } from 'keywright/store-kit';
import type { StoreTraits } from 'keywright/testing';
import { type Broken, broken, type Promises, pause } from '../fixtures/broken.ts';
import { transactionalStore } from '../fixtures/transactional-store.ts';
import { SCOPED } from './scopes.ts';

/** A memory store whose deliveries have other methods. */
function delivering(
  fault: (inner: DeliveryQueue, store: KeyStore) => Partial<DeliveryQueue>,
): Broken {
  return broken(({ inner }) => {
    const queue = inner.deliveries as DeliveryQueue;
    return { deliveries: { ...methodsOf(queue), ...fault(queue, inner) } };
  });
}

function methodsOf(queue: DeliveryQueue): DeliveryQueue {
  return {
    register: (consumer) => queue.register(consumer),
    claim: (request) => queue.claim(request),
    record: (claim, progress) => queue.record(claim, progress),
    release: (claim, outcome) => queue.release(claim, outcome),
  };
}

/** Deliveries whose consumers have other names within. */
function renaming(nameOf: (consumer: string) => string) {
  return (inner: DeliveryQueue): DeliveryQueue => {
    const renamed = (claim: ClaimRef) => ({ ...claim, consumer: nameOf(claim.consumer) });
    return {
      register: (consumer) => inner.register(nameOf(consumer)),
      claim: async ({ consumer, ...request }) => {
        const claims = await inner.claim({ ...request, consumer: nameOf(consumer) });
        return claims.map((claim) => ({ ...claim, consumer }));
      },
      record: (claim, progress) => inner.record(renamed(claim), progress),
      release: (claim, outcome) => inner.release(renamed(claim), outcome),
    };
  };
}

/** A store with transactions in which claims wait for those that are open. */
function waiting(): Broken {
  const open = () => {
    const { store, transact } = transactionalStore();
    const queue = store.deliveries as DeliveryQueue;
    let isOpen = false;
    const claim: DeliveryQueue['claim'] = async (request) => {
      while (isOpen) await pause();
      return queue.claim(request);
    };
    const held = (work: (transaction: unknown) => Promise<void>) =>
      transact(async (transaction) => {
        isOpen = true;
        await work(transaction).finally(() => {
          isOpen = false;
        });
      });
    return { store: { ...store, deliveries: { ...methodsOf(queue), claim } }, transact: held };
  };
  return { open, traits: SCOPED as StoreTraits };
}

/** What stores promise of deliveries. */
export const deliveryPromises: Promises = {
  'an owner can be claimed while events are undelivered, by one claim at a time': {
    checks: [
      'deliveries: find events from before the consumer was registered, and from after',
      'deliveries: find nothing for a consumer that was not registered',
      'deliveries: find an owner again after each later event, and only then',
      'deliveries: find an owner again whose event was added while it was claimed',
      'deliveries: do not find an owner again for events that were already delivered',
      'deliveries: give an owner to one of several concurrent claims',
      'deliveries: claim no more owners than the limit',
      'deliveries: let an owner be claimed again after its lease, and ignore the former claim',
      'deliveries: extend the lease with each record',
      'deliveries: never move a position back',
      'deliveries: delay only an owner that failed, and count its failures',
      'deliveries: keep consumers apart',
      'deliveries: keep their positions when a consumer is registered again',
      'deliveries: hold owners verbatim, and distinguish owners and consumers byte for byte',
      'deliveries: miss no event that commits during claims',
    ],
    broken: {
      'finds no events from before': delivering((inner, store) => ({
        register: async (consumer) => {
          await inner.register(consumer);
          const request = { consumer, holder: 'register', limit: 100, leaseMs: 1000 };
          for (const claim of await inner.claim(request)) {
            await inner.release(claim, await store.head(claim.owner));
          }
        },
      })),
      'registers whoever claims': delivering((inner) => ({
        claim: async (request) => {
          await inner.register(request.consumer);
          return inner.claim(request);
        },
      })),
      'keeps no position': delivering((inner) => ({
        release: (claim, outcome) => inner.release(claim, { ...outcome, sequence: 0 }),
      })),
      'takes a release for the newest event': delivering((inner, store) => ({
        release: async (claim) => inner.release(claim, await store.head(claim.owner)),
      })),
      'records one event of a release': delivering((inner) => ({
        release: (claim, outcome) => {
          const { sequence = 0 } = claim as { readonly sequence?: number };
          return inner.release(claim, {
            ...outcome,
            sequence: Math.min(outcome.sequence, sequence + 1),
          });
        },
      })),
      'grants no lease': delivering((inner) => ({
        claim: (request) => inner.claim({ ...request, leaseMs: 0 }),
      })),
      'claims as many as it likes': delivering((inner) => ({
        claim: (request) => inner.claim({ ...request, limit: 100 }),
      })),
      'fences nobody': delivering((inner) => {
        const holders = new Map<string, string>();
        const present = (claim: ClaimRef) => ({
          ...claim,
          holder: holders.get(claim.owner) ?? claim.holder,
        });
        return {
          claim: async (request) => {
            const claims = await inner.claim(request);
            for (const { owner, holder } of claims) holders.set(owner, holder);
            return claims;
          },
          record: (claim, progress) => inner.record(present(claim), progress),
          release: (claim, outcome) => inner.release(present(claim), outcome),
        };
      }),
      'extends no lease': delivering(() => ({ record: async () => true })),
      'moves positions back': delivering((inner) => {
        const positions = new Map<string, number>();
        const moving = (claim: ClaimRef, sequence: number) => {
          positions.set(JSON.stringify([claim.consumer, claim.owner]), sequence);
        };
        return {
          claim: async (request) =>
            (await inner.claim(request)).map((claim) => ({
              ...claim,
              sequence:
                positions.get(JSON.stringify([claim.consumer, claim.owner])) ?? claim.sequence,
            })),
          record: (claim, progress) => {
            moving(claim, progress.sequence);
            return inner.record(claim, progress);
          },
          release: (claim, outcome) => {
            moving(claim, outcome.sequence);
            return inner.release(claim, outcome);
          },
        };
      }),
      'holds nobody back': delivering((inner) => ({
        release: (claim, { sequence }) => inner.release(claim, { sequence }),
      })),
      'counts no failures': delivering((inner) => ({
        claim: async (request) =>
          (await inner.claim(request)).map((claim) => ({ ...claim, failures: 0 })),
      })),
      'takes all consumers for one': delivering(renaming(() => 'one')),
      'begins anew for a consumer that registers again': delivering((inner) => {
        const times = new Map<string, number>();
        const nameOf = (consumer: string) => `${consumer} ${times.get(consumer) ?? 0}`;
        const renamed = renaming(nameOf)(inner);
        return {
          ...renamed,
          register: (consumer) => {
            times.set(consumer, (times.get(consumer) ?? 0) + 1);
            return renamed.register(consumer);
          },
        };
      }),
      'folds the case of consumers': delivering(renaming((consumer) => consumer.toLowerCase())),
      'trims owners': delivering((inner) => ({
        claim: async (request) =>
          (await inner.claim(request)).map((claim) => ({ ...claim, owner: claim.owner.trim() })),
      })),
      'takes what commits during a release for delivered': delivering((inner, store) => ({
        release: async (claim, outcome) => {
          await pause();
          const { sequence } = await store.head(claim.owner);
          return inner.release(claim, { ...outcome, sequence });
        },
      })),
    },
  },

  'deliveries and open transactions do not wait for each other': {
    checks: [
      'transactions and deliveries: do not block each other, and miss no event that commits late',
    ],
    broken: { 'waits for open transactions': waiting() },
  },

  'a store without deliveries has none': {
    checks: ['deliveries: are absent'],
    broken: {
      'has deliveries': {
        open: () => ({ store: memoryStore() }),
        traits: { deliveries: false },
      },
    },
  },
};
