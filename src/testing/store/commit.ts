import { eraseEvent } from '../../digest/chain.ts';
import type { StoredKey } from '../../record.ts';
import { keyEvent } from '../../rules/events.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import { assertFound, chainOf, drain, keptKey, listedKeys, type Topic } from './subject.ts';
import { alter, changeDraft, eventDraft, put, putMany, write } from './writes.ts';

/** More rows in one change than one statement of any engine accepts. */
export const BULK = 2_100;

const FIELDS: readonly Partial<StoredKey>[] = [
  { name: 'renamed' },
  { scopes: ['b', 'a'] },
  { scopes: [] },
  { metadata: { plan: { name: 'pro' } } },
  { metadata: {} },
  { enabled: false },
  { expiresAt: START + 60_000 },
  { expiresAt: 0 },
  { revokedAt: START },
  { revokedAt: 0 },
  { replaces: 'key_earlier' },
  { replacedBy: 'key_later', replacedAt: START + 1 },
  { createdBy: { id: '[erased]' } },
];

/** Fields that differ from those above. */
const BEFORE: Partial<StoredKey> = {
  name: 'before',
  scopes: ['orders:read'],
  metadata: { plan: 'free', seats: 1 },
  createdBy: { id: 'user_1', name: 'Ada' },
  expiresAt: START + 1_000_000,
  replaces: 'key_before',
  replacedBy: 'key_after',
  replacedAt: START - 2,
};

/** Commits that succeed. */
export const commit: Topic = {
  'writes keys, events and head, which every later read sees': async (subject) => {
    const { store, other, owner } = subject;
    const before = await put(subject);
    const after = { ...before, name: 'after', replacedBy: 'key_next', replacedAt: START };
    const added = [storedKey({ owner }), storedKey({ owner })];
    for (const { id, digest } of added) {
      await assertFound(other, digest, undefined, 'findByDigest, before');
      assertEqual(await other.find({ id }), undefined, 'find, before');
    }
    const rotated = keyEvent('key.rotated', before, trace({ reason: 'yearly' }));
    const { events } = await write(store, owner, {
      added,
      changed: [{ before, after }],
      events: [rotated, keyEvent('key.created', before, trace())],
      purged: [before.id],
    });
    for (const key of [after, ...added]) {
      await assertFound(other, key.digest, key, 'findByDigest');
      assertEqual(await other.find({ id: key.id }), key, 'find');
    }
    assertEqual((await listedKeys(other, { owner })).length, 3, 'the number of keys');
    assertEqual((await chainOf(other, owner)).slice(1), events, 'the events');
    const { head } = await other.view({ kind: 'owner', owner });
    assertEqual(head, { sequence: 3, digest: events[1]?.id }, 'the head of a view');
  },

  'changes each field, and no other': async (subject) => {
    const { other } = subject;
    for (const fields of FIELDS) {
      const key = await put(subject, BEFORE);
      const beside = await put(subject, BEFORE);
      const after = await alter(subject, key, fields);
      const what = Object.keys(fields).join();
      assertEqual(await other.find({ id: key.id }), after, `find, after ${what}`);
      await assertFound(other, key.digest, after, `findByDigest, after ${what}`);
      assertEqual(await keptKey(other, beside.id), beside, `the other key, after ${what}`);
    }
  },

  'adds fields to a key, and removes them': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    const links = { replaces: 'key_0', replacedBy: 'key_2', replacedAt: START };
    const full = { ...key, ...links, expiresAt: START, revokedAt: START };
    await write(store, owner, changeDraft(key, full));
    await assertFound(other, key.digest, full, 'findByDigest, with the fields');
    await write(store, owner, changeDraft(full, key));
    await assertFound(other, key.digest, key, 'findByDigest, without them');
  },

  'writes a key that does not differ': async (subject) => {
    const key = await put(subject, BEFORE);
    await alter(subject, key, {});
    assertEqual(await keptKey(subject.other, key.id), key, 'find');
    assertEqual((await chainOf(subject.other, subject.owner)).length, 2, 'the number of events');
  },

  'writes events without keys': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    const { events } = await write(store, owner, eventDraft(owner));
    assertEqual((await chainOf(other, owner)).slice(1), events, 'the events');
    assertEqual(await listedKeys(other, { owner }), [key], 'the keys');
  },

  'replaces a digest without an event': async (subject) => {
    const { store, other, owner } = subject;
    const before = await put(subject, { scopes: ['a'] });
    const head = await other.head(owner);
    const after = { ...before, digest: storedKey().digest };
    await write(store, owner, { changed: [{ before, after }] });
    await assertFound(other, after.digest, after, 'findByDigest');
    assertEqual(await other.find({ id: after.id }), after, 'find');
    await assertFound(other, before.digest, undefined, 'the former digest');
    assertEqual(await other.head(owner), head, 'the head');
    const heir = await put(subject, { digest: before.digest });
    await assertFound(other, before.digest, heir, 'the key with the former digest');
  },

  'replaces events by their erased form': async (subject) => {
    const { store, other, owner } = subject;
    const reason = 'Leaver wants it';
    const actor = { id: 'leaver', name: 'Ada Leaver' };
    for (const by of [trace(), trace({ actor, reason }), trace(), trace({ actor, reason })]) {
      await write(store, owner, eventDraft(owner, by));
    }
    const before = await chainOf(other, owner);
    const expected = before.map((event) => (event.reason ? eraseEvent(event) : event));
    const erased = expected.filter((event) => event.erased);
    const { events } = await write(store, owner, { ...eventDraft(owner), erased });
    const after = await chainOf(other, owner);
    assertEqual(after, [...expected, ...events], 'the events');
    const log = await drain((cursor) => other.listActivity({ owner, limit: 2, ...cursor }));
    assertEqual(log, [...after].reverse(), 'the events as listed');
    const page = await other.listActivity({ owner, limit: 10, actorId: 'leaver' });
    assertEqual(page, { items: [] }, 'the events of the actor');
    const { items } = await other.listActivity({ owner, limit: 10, actorId: '[erased]' });
    assertEqual(items.length, 2, 'the number of events of the erased actor');
  },

  "does not change other owners' data": async (subject) => {
    const { store, other, owner } = subject;
    const theirs = await put({ store, owner: `${owner}_2` });
    const keys = await putMany(subject, 2);
    for (const key of keys) await alter(subject, key, { revokedAt: START });
    assertEqual(await keptKey(other, theirs.id), theirs, 'find');
    assertEqual((await chainOf(other, theirs.owner)).length, 1, 'the number of events');
  },

  'writes thousands of rows': async (subject) => {
    const { store, other, owner } = subject;
    const keys = await putMany(subject, BULK);
    const { keys: unrevoked } = await other.view({ kind: 'unrevoked', owner });
    assertEqual(unrevoked.length, BULK, 'the number of keys that are not revoked');
    const seen = new Map(unrevoked.map((key) => [key.id, key]));
    assertEqual(
      keys.map(({ id }) => seen.get(id)),
      keys,
      'the keys that are not revoked',
    );
    await write(store, owner, {
      changed: keys.map((before) => ({ before, after: { ...before, revokedAt: START } })),
      events: keys.map((key) => keyEvent('key.revoked', key, trace())),
      purged: keys.map(({ id }) => id),
    });
    const left = await other.view({ kind: 'unrevoked', owner });
    assertEqual(left.keys, [], 'the keys that are not revoked');
    assertEqual((await chainOf(other, owner)).length, 2 * BULK, 'the number of events');
    const [last] = keys.slice(-1);
    assert(last !== undefined, 'there are keys');
    assertEqual(await keptKey(other, last.id), { ...last, revokedAt: START }, 'the last key');
  },
};
