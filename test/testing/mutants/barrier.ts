import type { KeyStore } from 'keywright';
import { feed } from './feed.ts';
import { type Mutants, mutant, type Parts } from './mutant.ts';

/** Each method that turns a verdict resolves when `done` says so of its outcome. */
function turning(
  { inner }: Parts,
  done: <Outcome>(work: () => Promise<Outcome>, method: string) => Promise<Outcome>,
): Partial<KeyStore> {
  return {
    update: (...given) => done(() => inner.update(...given), 'update'),
    rotate: (...given) => done(() => inner.rotate(...given), 'rotate'),
    revoke: (...given) => done(() => inner.revoke(...given), 'revoke'),
    revokeAll: (...given) => done(() => inner.revokeAll(...given), 'revokeAll'),
  };
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const barrierMutants: Mutants = {
  ...Object.fromEntries(
    (['update', 'rotate', 'revoke', 'revokeAll'] as const).map((method) => [
      `does not wait for leases in ${method}`,
      mutant(
        { 'the barrier': ['holds every change until the lease runs out, and not much longer'] },
        (parts) =>
          turning(parts, async (work, name) => {
            if (name !== method) return work();
            return Promise.race([work(), later(5).then(() => undefined as never)]);
          }),
      ),
    ]),
  ),

  'waits long after a lease has run out': mutant(
    {
      'the barrier': [
        'holds every change until the lease runs out, and not much longer',
        'holds the revocation of a key that is revoked already',
      ],
    },
    (parts) =>
      turning(parts, async (work) => {
        const outcome = await work();
        await later(4_000);
        return outcome;
      }),
  ),

  'counts leases as shorter than they are': mutant(
    { 'the barrier': ['holds every change until the lease runs out, and not much longer'] },
    (parts) =>
      feed(parts, (leases) => ({
        lease: (holder, seen, leaseMs) => leases.lease(holder, seen, leaseMs * 0.8),
      })),
  ),

  'forgets the longer of two leases of one holder': mutant(
    { 'the barrier': ['waits for the longer of two leases of one holder'] },
    (parts) =>
      feed(parts, (leases) => ({
        lease: async (holder, seen, leaseMs) => {
          if (seen === (await leases.lease('observer', -1, 1))) await leases.release(holder);
          return leases.lease(holder, seen, leaseMs);
        },
      })),
  ),

  'does not wait where the key is revoked already': mutant(
    { 'the barrier': ['holds the revocation of a key that is revoked already'] },
    ({ inner, tables }) => ({
      revoke: async (ref, trace) => {
        const key = tables.find(ref);
        return key?.revokedAt === undefined ? inner.revoke(ref, trace) : key;
      },
    }),
  ),

  'shows a change once the leases have run out': mutant(
    { 'the barrier': ['lets reads see the change while it waits'] },
    ({ inner, leases }) => ({
      revoke: async (...given) => {
        await leases.turn();
        return inner.revoke(...given);
      },
    }),
  ),

  'waits for renewed leases': mutant(
    {
      'the barrier': [
        'ends when the holder renews under the new generation',
        'does not wait for a lease of the new generation',
      ],
    },
    (parts) =>
      feed(parts, (leases) => {
        const held = new Set<string>();
        return {
          lease: async (holder, seen, leaseMs) => {
            const generation = await leases.lease(holder, -1, 1);
            if (held.has(holder)) return generation;
            held.add(holder);
            return leases.lease(holder, seen, leaseMs);
          },
        };
      }),
  ),

  'takes no lease back': mutant(
    {
      'the barrier': [
        'lets reads see the change while it waits',
        'ends when the lease is given back',
        'waits for every holder',
        'is not ended by a lease that is asked for with an old generation',
      ],
    },
    (parts) => feed(parts, () => ({ release: async () => {} })),
  ),

  'waits for the first holder': mutant({ 'the barrier': ['waits for every holder'] }, (parts) => {
    const { leases } = parts;
    const holders: string[] = [];
    return feed(parts, () => ({
      lease: async (holder, seen, leaseMs) => {
        const generation = await leases.lease(holder, -1, 1);
        if (seen === generation && holders.push(holder) > 1) return generation;
        return leases.lease(holder, seen, leaseMs);
      },
    }));
  }),

  'extends a lease whatever was seen': mutant(
    {
      'the barrier': [
        'is not extended by a lease that is asked for with an old generation',
        'does not wait for a lease that was refused',
      ],
    },
    (parts) => {
      const asked = new Map<string, number>();
      const waiting = async <Outcome>(work: () => Promise<Outcome>) => {
        const outcome = await work();
        await later(Math.max(0, ...asked.values()));
        return outcome;
      };
      return {
        ...turning(parts, waiting),
        ...feed(parts, (leases) => ({
          lease: async (holder, seen, leaseMs) => {
            const generation = await leases.lease(holder, seen, leaseMs);
            if (generation !== seen && leaseMs > 1) asked.set(holder, 4_000);
            return generation;
          },
        })),
      };
    },
  ),

  'ends a lease when it is asked for with an old generation': mutant(
    {
      'the barrier': [
        'is not ended by a lease that is asked for with an old generation',
        'is not extended by a lease that is asked for with an old generation',
      ],
    },
    (parts) =>
      feed(parts, (leases) => ({
        lease: async (holder, seen, leaseMs) => {
          const generation = await leases.lease(holder, seen, leaseMs);
          if (generation !== seen) await leases.release(holder);
          return generation;
        },
      })),
  ),

  'waits with a creation': mutant(
    { 'the barrier': ['does not hold what turns no verdict'] },
    ({ inner, leases }) => ({
      create: async (...given) => {
        await inner.create(...given);
        await leases.turn();
      },
    }),
  ),

  'does not take back a lease that it does not know': mutant(
    { 'the barrier': ['takes back a lease that is not held'] },
    (parts) =>
      feed(parts, (leases) => {
        const held = new Set<string>();
        return {
          lease: (holder, ...asked) => {
            held.add(holder);
            return leases.lease(holder, ...asked);
          },
          release: async (holder) => {
            if (!held.has(holder)) throw new Error('no lease');
            await leases.release(holder);
          },
        };
      }),
  ),
};
