import { EMPTY_HEAD } from '../../digest/chain.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { assertUnchanged, keptKey, put, type Subject, type Topic, unique } from './subject.ts';

/** What is not there, or not for this owner. */
export const absence: Topic = {
  'of a digest is undefined': async (subject) => {
    await put(subject);
    const found = await subject.store.findByDigest(storedKey().digest);
    assertEqual(found, undefined, 'findByDigest');
  },

  'of an id is undefined, and a change of it changes nothing': async (subject) => {
    await put(subject);
    await assertUnchanged(subject, [subject.owner], () =>
      assertAbsent(subject, { id: unique('key'), owner: subject.owner }),
    );
    await assertAbsent(subject, { id: unique('key') });
  },

  "of another owner's key is undefined, and a change of it changes nothing": async (subject) => {
    const theirs = unique('org');
    const key = await put({ ...subject, owner: theirs });
    await put(subject);
    await assertUnchanged(subject, [subject.owner, theirs], () =>
      assertAbsent(subject, { id: key.id, owner: subject.owner }),
    );
    assertEqual(await subject.other.findByDigest(key.digest), key, 'findByDigest');
  },

  'is not of a key whose owner is named': async (subject) => {
    const { store, other, owner } = subject;
    const { id } = await put(subject);
    const ref = { id, owner };
    assert((await other.find(ref)) !== undefined, 'find gives it');
    assert((await store.update(ref, { name: 'x' }, trace())) !== undefined, 'update changes it');
    assert((await store.rotate(ref, successor(), trace())) !== undefined, 'rotate replaces it');
    assert((await store.revoke(ref, trace())) !== undefined, 'revoke revokes it');
    assertEqual((await keptKey(other, id)).revokedAt, START, 'revokedAt');
  },

  'is not of a key that is revoked, expired or disabled': async (subject) => {
    const { store, other } = subject;
    const disabled = await put(subject, { enabled: false });
    assertEqual(await other.findByDigest(disabled.digest), disabled, 'a disabled key');
    const expired = await put(subject, { expiresAt: START - 1 });
    assertEqual(await other.findByDigest(expired.digest), expired, 'an expired key');
    const { id, digest } = await put(subject);
    const revoked = await store.revoke({ id }, trace());
    assert(revoked !== undefined, 'revoke gives the key');
    assertEqual(await other.findByDigest(digest), revoked, 'a revoked key');
    assertEqual(await other.find({ id }), revoked, 'a revoked key, by id');
  },

  'of an owner is a list, a log and a chain without items': async (subject) => {
    const { store, other } = subject;
    await put(subject);
    const nobody = unique('org');
    const limit = 10;
    assertEqual(await other.list({ owner: nobody, limit, now: START }), { items: [] }, 'list');
    assertEqual(await other.listActivity({ owner: nobody, limit }), { items: [] }, 'listActivity');
    assertEqual(await other.readChain(nobody, 0, limit), [], 'readChain');
    assertEqual(await other.head(nobody), EMPTY_HEAD, 'head');
    assertEqual(await store.revokeAll(nobody, trace()), 0, 'revokeAll');
    assertEqual(await other.head(nobody), EMPTY_HEAD, 'head, after revokeAll of no key');
  },
};

async function assertAbsent(
  { store }: Subject,
  ref: { readonly id: string; readonly owner?: string },
): Promise<void> {
  assertEqual(await store.find(ref), undefined, 'find');
  const change = { name: 'changed', enabled: false, expiresAt: null };
  assertEqual(await store.update(ref, change, trace()), undefined, 'update');
  const next = successor();
  assertEqual(await store.rotate(ref, next, trace()), undefined, 'rotate');
  assertEqual(await store.find({ id: next.id }), undefined, 'the successor that was not made');
  assertEqual(await store.findByDigest(next.digest), undefined, 'its digest');
  assertEqual(await store.revoke(ref, trace()), undefined, 'revoke');
}
