import { EMPTY_HEAD } from '../../digest/chain.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey } from '../fixtures.ts';
import { assertFound, type Subject, type Topic, unique } from './subject.ts';
import { alter, put } from './writes.ts';

/** Keys and owners that do not exist, or not for this owner. */
export const absence: Topic = {
  'returns undefined for an unknown digest': async (subject) => {
    await put(subject);
    const found = await subject.store.findByDigest(storedKey().digest);
    assertEqual(found, undefined, 'findByDigest');
  },

  'returns undefined for an unknown id': async (subject) => {
    await put(subject);
    await assertAbsent(subject, { id: unique('key'), owner: subject.owner });
    await assertAbsent(subject, { id: unique('key') });
  },

  'returns undefined for a key of another owner': async (subject) => {
    const key = await put({ ...subject, owner: unique('org') });
    await put(subject);
    await assertAbsent(subject, { id: key.id, owner: subject.owner });
    await assertFound(subject.other, key.digest, key, 'findByDigest');
  },

  'does not apply to a key whose owner is given': async (subject) => {
    const { other, owner } = subject;
    const key = await put(subject);
    assertEqual(await other.find({ id: key.id, owner }), key, 'find');
    const { keys } = await other.view({ kind: 'key', id: key.id, owner });
    assertEqual(keys, [key], 'view');
  },

  'does not apply to a revoked, expired or disabled key': async (subject) => {
    const { other } = subject;
    const disabled = await put(subject, { enabled: false });
    await assertFound(other, disabled.digest, disabled, 'a disabled key');
    const expired = await put(subject, { expiresAt: START - 1 });
    await assertFound(other, expired.digest, expired, 'an expired key');
    const revoked = await alter(subject, await put(subject), { revokedAt: START });
    await assertFound(other, revoked.digest, revoked, 'a revoked key');
    assertEqual(await other.find({ id: revoked.id }), revoked, 'a revoked key, by id');
  },

  'returns an empty list, log and chain for an unknown owner': async (subject) => {
    const { other } = subject;
    await put(subject);
    const nobody = unique('org');
    const limit = 10;
    assertEqual(await other.list({ owner: nobody, limit, now: START }), { items: [] }, 'list');
    assertEqual(await other.listActivity({ owner: nobody, limit }), { items: [] }, 'listActivity');
    assertEqual(await other.readChain(nobody, 0, limit), [], 'readChain');
    assertEqual(await other.head(nobody), EMPTY_HEAD, 'head');
  },
};

async function assertAbsent(
  { other }: Subject,
  ref: { readonly id: string; readonly owner?: string },
): Promise<void> {
  assertEqual(await other.find(ref), undefined, 'find');
  const view = await other.view({ kind: 'key', ...ref });
  assertEqual(view, { head: EMPTY_HEAD, keys: [], events: [] }, 'view');
}
