import { assertEqual, assertRejects } from '../assert.ts';
import { storedKey, trace } from '../fixtures.ts';
import { assertUnchanged, chainOf, put, type Topic, unique } from './subject.ts';

export const upgradeDigest: Topic = {
  'replaces the digest, and changes nothing else': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject, { scopes: ['a'] });
    const { digest } = storedKey();
    assertEqual(await store.upgradeDigest(key.id, key.digest, digest), true, 'upgradeDigest');
    assertEqual(await other.findByDigest(digest), { ...key, digest }, 'findByDigest');
    assertEqual(await other.find({ id: key.id }), { ...key, digest }, 'find');
    assertEqual(await other.findByDigest(key.digest), undefined, 'findByDigest, the old one');
    assertEqual((await chainOf(other, owner)).length, 1, 'the number of events');
  },

  'frees the old digest': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    await store.upgradeDigest(key.id, key.digest, storedKey().digest);
    const heir = storedKey({ owner, digest: key.digest });
    await store.create(heir, trace());
    assertEqual(await other.findByDigest(key.digest), heir, 'findByDigest');
  },

  'does nothing where the key has another digest or is unknown': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const stranger = await put(subject);
    await assertUnchanged(subject, [owner], async () => {
      const { digest } = storedKey();
      const other = await store.upgradeDigest(key.id, stranger.digest, digest);
      assertEqual(other, false, 'upgradeDigest from the digest of another key');
      const upper = await store.upgradeDigest(key.id, key.digest.toUpperCase(), digest);
      assertEqual(upper, false, 'upgradeDigest from the digest in upper case');
      const unknown = await store.upgradeDigest(unique('key'), key.digest, digest);
      assertEqual(unknown, false, 'upgradeDigest of an unknown id');
    });
  },

  'rejects a taken digest and leaves everything as it was': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const taken = await put(subject);
    await assertUnchanged(subject, [owner], () =>
      assertRejects(
        store.upgradeDigest(key.id, key.digest, taken.digest),
        'digest_taken',
        'upgradeDigest',
      ),
    );
    assertEqual(await subject.other.findByDigest(taken.digest), taken, 'findByDigest');
  },

  'applies once to the digest of before': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    const digests = Array.from({ length: 8 }, () => storedKey().digest);
    const upgrades = digests.map((digest, i) =>
      (i % 2 ? store : other).upgradeDigest(key.id, key.digest, digest),
    );
    const done = await Promise.all(upgrades);
    assertEqual(done.filter(Boolean).length, 1, 'the number of upgrades done');
    const digest = digests[done.indexOf(true)] as string;
    assertEqual(await other.find({ id: key.id }), { ...key, digest }, 'find');
  },
};
