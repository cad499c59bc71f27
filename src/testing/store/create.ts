import type { StoredKey } from '../../record.ts';
import { assertEqual, assertRejects } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import {
  assertUnchanged,
  chainOf,
  eventsAbout,
  put,
  type Subject,
  type Topic,
  unique,
  unsealed,
} from './subject.ts';

export const create: Topic = {
  'is seen by every read that begins after it': async ({ store, other, owner }) => {
    const key = storedKey({ owner });
    assertEqual(await other.findByDigest(key.digest), undefined, 'findByDigest, before');
    assertEqual(await other.find({ id: key.id }), undefined, 'find, before');
    await store.create(key, trace());
    assertEqual(await other.findByDigest(key.digest), key, 'findByDigest');
    assertEqual(await other.find({ id: key.id }), key, 'find');
  },

  'leaves one event': async ({ store, other, owner }) => {
    const key = storedKey({ owner, name: 'Zapier production' });
    const actor = { id: 'user_9', name: 'Ada', via: { ip: '192.0.2.1' } };
    await store.create(key, trace({ at: START + 5, actor, reason: 'for the import' }));
    const event = { at: START + 5, action: 'key.created', owner, actor, reason: 'for the import' };
    const expected = [{ ...event, keyId: key.id, keyName: 'Zapier production' }];
    assertEqual(unsealed(await chainOf(other, owner)), expected, 'the events');
  },

  'leaves an event without a reason where none was given': async (subject) => {
    const key = await put(subject, { name: 'n' });
    const { owner, id: keyId, createdBy: actor } = key;
    const event = { at: START, action: 'key.created', owner, actor, keyId, keyName: 'n' };
    assertEqual(await eventsAbout(subject.other, key), [event], 'the events');
  },

  'rejects a taken digest and leaves everything as it was': async (subject) => {
    const taken = await put(subject);
    await assertTaken(subject, [subject.owner], { digest: taken.digest });
  },

  'rejects a taken id and leaves everything as it was': async (subject) => {
    const taken = await put(subject);
    await assertTaken(subject, [subject.owner], { id: taken.id });
  },

  "rejects what another owner's key has": async (subject) => {
    const theirs = unique('org');
    const taken = await put({ ...subject, owner: theirs });
    await assertTaken(subject, [subject.owner, theirs], { digest: taken.digest });
    await assertTaken(subject, [subject.owner, theirs], { id: taken.id });
  },

  'rejects what a revoked key had': async (subject) => {
    const taken = await put(subject);
    await subject.store.revoke({ id: taken.id }, trace());
    await assertTaken(subject, [subject.owner], { digest: taken.digest });
    await assertTaken(subject, [subject.owner], { id: taken.id });
  },

  'succeeds with an id and a digest that a rejected one brought': async (subject) => {
    const { store, other, owner } = subject;
    const taken = await put(subject);
    const key = storedKey({ owner });
    const work = store.create({ ...key, digest: taken.digest }, trace());
    await assertRejects(work, 'digest_taken', 'a taken digest');
    await assertRejects(store.create({ ...key, id: taken.id }, trace()), 'digest_taken', 'an id');
    await store.create(key, trace());
    assertEqual(await other.find({ id: key.id }), key, 'find');
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
  },
};

async function assertTaken(
  subject: Subject,
  owners: readonly string[],
  overrides: Partial<StoredKey>,
): Promise<void> {
  const key = storedKey({ owner: subject.owner, name: 'thief', ...overrides });
  await assertUnchanged(subject, owners, () =>
    assertRejects(subject.store.create(key, trace()), 'digest_taken', 'create'),
  );
}
