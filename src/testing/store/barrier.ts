import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { Begun, feedOf, generationOf, holding, SOON_MS, until, untilRaised } from './leases.ts';
import { put, putMany, type Subject, type Topic, unique } from './subject.ts';

/** A lease whose end is waited for. */
const SHORT_MS = 250;
/** A lease so long that what ends before it did not wait for it. */
const LONG_MS = 60_000;

/** A change that turns a verdict resolves when no cache can still hold the key for valid. */
export const barrier: Topic = {
  'holds every change until the lease runs out, and not much longer': async (subject) => {
    const theirs = unique('org');
    await put({ ...subject, owner: theirs });
    const [one, two, three] = await idsOf(subject);
    await holding(subject.other, SHORT_MS, async ({ since }) => {
      const { store } = subject;
      const changes = [
        new Begun('update', store.update(one, { name: 'n' }, trace())),
        new Begun('rotate', store.rotate(two, successor(), trace())),
        new Begun('revoke', store.revoke(three, trace())),
        new Begun('revokeAll', store.revokeAll(theirs, trace())),
      ];
      for (const change of changes) {
        const ms = (await change.ends(SHORT_MS + SOON_MS)) - since;
        assert(ms >= SHORT_MS, `the change ends no earlier than the lease, but after ${ms} ms`);
      }
    });
  },

  'holds the revocation of a key that is revoked already': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(other, SHORT_MS, async ({ since }) => {
      const first = new Begun('the first revoke', store.revoke({ id }, trace()));
      await until(async () => (await other.find({ id }))?.revokedAt === START, 'it is revoked');
      const second = new Begun('the second revoke', other.revoke({ id }, trace()));
      const ms = (await second.ends(SHORT_MS + SOON_MS)) - since;
      assert(ms >= SHORT_MS, `revoke ends no earlier than the lease, but after ${ms} ms`);
      await first.ends();
    });
  },

  'lets reads see the change while it waits': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    await holding(other, LONG_MS, async ({ holder }) => {
      const change = new Begun('revoke', store.revoke({ id: key.id }, trace()));
      const isRevoked = async () => (await other.findByDigest(key.digest))?.revokedAt === START;
      await until(isRevoked, 'findByDigest gives the revoked key');
      await change.waits();
      await feedOf(other).release(holder);
      await change.ends();
    });
  },

  'ends when the holder renews under the new generation': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(other, LONG_MS, async ({ holder, generation }) => {
      const change = new Begun('revoke', store.revoke({ id }, trace()));
      await untilRaised(other, generation);
      await change.waits();
      await feedOf(other).lease(holder, await generationOf(other), LONG_MS);
      await change.ends();
    });
  },

  'ends when the lease is given back': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(other, LONG_MS, async ({ holder }) => {
      const change = new Begun('update', store.update({ id }, { name: 'n' }, trace()));
      await change.waits();
      await feedOf(other).release(holder);
      await change.ends();
    });
  },

  'waits for every holder': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(store, LONG_MS, (first) =>
      holding(other, LONG_MS, async (second) => {
        const change = new Begun('revoke', store.revoke({ id }, trace()));
        await feedOf(other).release(first.holder);
        await change.waits();
        await feedOf(other).release(second.holder);
        await change.ends();
      }),
    );
  },

  'waits for the longer of two leases of one holder': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(other, SHORT_MS, async ({ holder, generation, since }) => {
      await feedOf(other).lease(holder, generation, 1);
      const change = new Begun('revoke', store.revoke({ id }, trace()));
      const ms = (await change.ends(SHORT_MS + SOON_MS)) - since;
      assert(ms >= SHORT_MS, `revoke ends no earlier than the first lease, but after ${ms} ms`);
    });
  },

  'does not wait for a lease of the new generation': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(other, SHORT_MS, ({ generation }) =>
      holding(store, LONG_MS, async ({ holder }) => {
        const change = new Begun('update', store.update({ id }, { name: 'm' }, trace()));
        await untilRaised(other, generation);
        await feedOf(store).lease(holder, generation + 1, LONG_MS);
        await change.ends(SHORT_MS + SOON_MS);
      }),
    );
  },

  'is not extended by a lease that is asked for with an old generation': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(other, SHORT_MS, async ({ holder, generation, since }) => {
      const change = new Begun('revoke', store.revoke({ id }, trace()));
      await untilRaised(other, generation);
      const given = await feedOf(other).lease(holder, generation, LONG_MS);
      assertEqual(given, generation + 1, 'the generation that is given');
      const ms = (await change.ends(SHORT_MS + SOON_MS)) - since;
      assert(ms >= SHORT_MS, `revoke ends no earlier than the lease, but after ${ms} ms`);
    });
  },

  'is not ended by a lease that is asked for with an old generation': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await holding(other, LONG_MS, async ({ holder, generation }) => {
      const change = new Begun('revoke', store.revoke({ id }, trace()));
      await untilRaised(other, generation);
      for (const seen of [generation, -1]) await feedOf(other).lease(holder, seen, 1);
      await change.waits();
      await feedOf(other).release(holder);
      await change.ends();
    });
  },

  'does not wait for a lease that was refused': async (subject) => {
    const { store, other } = subject;
    const { id } = await put(subject);
    await store.update({ id }, { name: 'n' }, trace());
    const generation = await generationOf(other);
    const holder = unique('holder');
    try {
      for (const seen of [-1, generation - 1, generation + 1]) {
        await feedOf(other).lease(holder, seen, LONG_MS);
      }
      await new Begun('update', store.update({ id }, { name: 'm' }, trace())).ends();
    } finally {
      await feedOf(other).release(holder);
    }
  },

  'does not hold what turns no verdict': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    await holding(other, LONG_MS, async () => {
      const work = {
        create: () => store.create(storedKey({ owner }), trace()),
        recordUsage: () => store.recordUsage(new Map([[key.id, START + 1]])),
        upgradeDigest: () => store.upgradeDigest(key.id, key.digest, storedKey().digest),
        eraseActor: () => store.eraseActor(owner, 'nobody', trace()),
      };
      for (const [what, begin] of Object.entries(work)) await new Begun(what, begin()).ends();
    });
  },

  'takes back a lease that is not held': async ({ store }) => {
    await feedOf(store).release(unique('holder'));
  },
};

async function idsOf(subject: Subject) {
  const keys = await putMany(subject, 3);
  const [one, two, three] = keys.map(({ id }) => ({ id }));
  assert(one !== undefined && two !== undefined && three !== undefined, 'there are three keys');
  return [one, two, three] as const;
}
