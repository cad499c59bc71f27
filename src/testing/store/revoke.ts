import { assertEqual } from '../assert.ts';
import { START, successor, trace } from '../fixtures.ts';
import {
  assertUnchanged,
  chainOf,
  eventsAbout,
  keptKey,
  put,
  putMany,
  type Topic,
  unique,
  unsealed,
} from './subject.ts';

const AT = START + 1_000;

export const revoke: Topic = {
  'gives the key as it now is, and so does every read after it': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject, {
      ...{ scopes: ['a'], metadata: { b: 1 }, expiresAt: AT + 1, lastUsedAt: START },
      ...{ replaces: 'key_before', replacedBy: 'key_after', replacedAt: START },
    });
    const revoked = { ...key, revokedAt: AT };
    assertEqual(await store.revoke({ id: key.id }, trace({ at: AT })), revoked, 'revoke');
    assertEqual(await other.find({ id: key.id }), revoked, 'find');
    assertEqual(await other.findByDigest(key.digest), revoked, 'findByDigest');
  },

  'leaves one event': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject, { name: 'n' });
    const by = { at: AT, actor: { id: 'user_7', name: 'Grace' }, reason: 'left the company' };
    await store.revoke({ id: key.id }, by);
    const [, ...events] = await eventsAbout(other, key);
    const expected = [{ ...by, action: 'key.revoked', owner, keyId: key.id, keyName: 'n' }];
    assertEqual(events, expected, 'the events');
  },

  'done again changes nothing and leaves no event': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    await store.revoke({ id: key.id }, trace({ at: AT }));
    await assertUnchanged(subject, [owner], async () => {
      const again = await store.revoke({ id: key.id }, trace({ at: AT + 9 }));
      assertEqual(again, { ...key, revokedAt: AT }, 'revoke');
    });
  },

  'applies to an expired and to a disabled key': async (subject) => {
    for (const state of [{ expiresAt: START - 1 }, { enabled: false }]) {
      const key = await put(subject, state);
      const revoked = { ...key, revokedAt: AT };
      assertEqual(await subject.store.revoke({ id: key.id }, trace({ at: AT })), revoked, 'revoke');
    }
  },

  'of one key leaves the others as they were': async (subject) => {
    const [first, second] = await putMany(subject, 2);
    await subject.store.revoke({ id: first?.id ?? '' }, trace());
    assertEqual(await subject.other.find({ id: second?.id ?? '' }), second, 'the other key');
  },
};

export const revokeAll: Topic = {
  'revokes every key of the owner and tells how many': async (subject) => {
    const { store, other, owner } = subject;
    const keys = [
      ...(await putMany(subject, 2)),
      await put(subject, { enabled: false }),
      await put(subject, { expiresAt: START - 1 }),
      await put({ store: other, owner }),
    ];
    assertEqual(await store.revokeAll(owner, trace({ at: AT })), 5, 'revokeAll');
    for (const key of keys) {
      assertEqual(await other.findByDigest(key.digest), { ...key, revokedAt: AT }, 'findByDigest');
    }
  },

  'revokes successors too': async (subject) => {
    const { store, other, owner } = subject;
    const { id } = await put(subject);
    const next = successor();
    await store.rotate({ id }, next, trace());
    assertEqual(await store.revokeAll(owner, trace({ at: AT })), 2, 'revokeAll');
    assertEqual((await other.findByDigest(next.digest))?.revokedAt, AT, 'revokedAt');
  },

  'leaves one event for each key': async (subject) => {
    const { store, other, owner } = subject;
    const keys = await putMany(subject, 3);
    const by = { at: AT, actor: { id: 'user_7', name: 'Grace' }, reason: 'the account is closed' };
    await store.revokeAll(owner, by);
    const events = unsealed(await chainOf(other, owner)).slice(3);
    const about = { ...by, action: 'key.revoked', owner };
    const expected = keys.map(({ id, name }) => ({ ...about, keyId: id, keyName: name }));
    const byKey = (one: { keyId?: string }, two: { keyId?: string }) =>
      (one.keyId ?? '') < (two.keyId ?? '') ? -1 : 1;
    assertEqual(events.sort(byKey), expected.sort(byKey), 'the events');
  },

  'passes over keys that are revoked already': async (subject) => {
    const { store, other, owner } = subject;
    const [first, second] = await putMany(subject, 2);
    await store.revoke({ id: first?.id ?? '' }, trace({ at: AT - 1 }));
    assertEqual(await store.revokeAll(owner, trace({ at: AT })), 1, 'revokeAll');
    assertEqual((await keptKey(other, first?.id ?? '')).revokedAt, AT - 1, 'revoked before');
    assertEqual((await keptKey(other, second?.id ?? '')).revokedAt, AT, 'revoked now');
    assertEqual((await chainOf(other, owner)).length, 4, 'the number of events');
  },

  'done again changes nothing and leaves no event': async (subject) => {
    const { store, owner } = subject;
    await putMany(subject, 2);
    await store.revokeAll(owner, trace());
    await assertUnchanged(subject, [owner], async () => {
      assertEqual(await store.revokeAll(owner, trace({ at: AT })), 0, 'revokeAll');
    });
  },

  "leaves other owners' keys as they were": async (subject) => {
    const theirs = unique('org');
    await putMany({ ...subject, owner: theirs }, 2);
    await putMany(subject, 2);
    await assertUnchanged(subject, [theirs], async () => {
      assertEqual(await subject.store.revokeAll(subject.owner, trace()), 2, 'revokeAll');
    });
  },

  'revokes more keys than a page has': async (subject) => {
    const { store, other, owner } = subject;
    await Promise.all(Array.from({ length: 120 }, () => put(subject)));
    assertEqual(await store.revokeAll(owner, trace({ at: AT })), 120, 'revokeAll');
    assertEqual((await chainOf(other, owner)).length, 240, 'the number of events');
  },
};
