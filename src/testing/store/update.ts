import type { KeyChange, StoredKey } from '../../record.ts';
import { assertEqual } from '../assert.ts';
import { START, trace } from '../fixtures.ts';
import { assertUnchanged, eventsAbout, put, type Subject, type Topic } from './subject.ts';

const CHANGES: readonly KeyChange[] = [
  { name: 'renamed' },
  { scopes: ['b', 'a'] },
  { scopes: [] },
  { metadata: { plan: { name: 'pro' } } },
  { metadata: {} },
  { enabled: false },
  { enabled: true },
  { expiresAt: START + 60_000 },
  { expiresAt: 0 },
];

/** The key that the changes are made to: with something else in every field. */
const BEFORE: Partial<StoredKey> = {
  name: 'before',
  scopes: ['orders:read'],
  metadata: { plan: 'free', seats: 1 },
  expiresAt: START + 1_000_000,
  lastUsedAt: START - 1,
  replaces: 'key_before',
  replacedBy: 'key_after',
  replacedAt: START - 2,
};

export const update: Topic = {
  'changes each field and no other': async (subject) => {
    for (const change of CHANGES) {
      const key = await put(subject, { ...BEFORE, enabled: change.enabled === false });
      await assertUpdates(subject, key, change, { ...key, ...change } as StoredKey);
    }
  },

  'changes all fields at once': async (subject) => {
    const key = await put(subject, BEFORE);
    const change = { name: 'n', scopes: ['s'], metadata: { m: 1 }, enabled: false, expiresAt: 1 };
    await assertUpdates(subject, key, change, { ...key, ...change });
  },

  'gives an expiry to a key without one': async (subject) => {
    const key = await put(subject);
    await assertUpdates(subject, key, { expiresAt: START }, { ...key, expiresAt: START });
  },

  'takes the expiry away with null': async (subject) => {
    const { expiresAt, ...key } = await put(subject, { expiresAt: START + 1 });
    await assertUpdates(subject, { ...key, expiresAt: START + 1 }, { expiresAt: null }, key);
    await assertUpdates(subject, key, { expiresAt: null }, key);
  },

  'leaves one event with the new values and the name of before': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject, { name: 'before' });
    const change = { name: 'after', metadata: { a: [1, { b: 'x' }] }, expiresAt: null };
    const actor = { id: 'user_7', name: 'Grace' };
    await store.update({ id: key.id }, change, { at: START + 1, actor, reason: 'why' });
    await store.update({ id: key.id }, { enabled: false }, trace({ at: START + 2 }));
    const about = { action: 'key.updated', owner, keyId: key.id };
    const expected = [
      { ...about, at: START + 1, keyName: 'before', actor, reason: 'why', change },
      {
        ...about,
        at: START + 2,
        keyName: 'after',
        actor: { id: 'user_1' },
        change: { enabled: false },
      },
    ];
    const [, ...events] = await eventsAbout(other, key);
    assertEqual(events, expected, 'the events');
  },

  'leaves an event though the values are the same': async (subject) => {
    const key = await put(subject, BEFORE);
    await assertUpdates(subject, key, { name: 'before', enabled: true }, key);
    const { length } = await eventsAbout(subject.other, key);
    assertEqual(length, 2, 'the number of events');
  },

  'applies to an expired and to a disabled key': async (subject) => {
    const expired = await put(subject, { expiresAt: START - 1 });
    await assertUpdates(subject, expired, { name: 'n' }, { ...expired, name: 'n' });
    const disabled = await put(subject, { enabled: false });
    await assertUpdates(subject, disabled, { name: 'n' }, { ...disabled, name: 'n' });
  },

  'refuses a revoked key, which stays as it is without an event': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject, BEFORE);
    await store.revoke({ id: key.id }, trace());
    await assertUnchanged(subject, [owner], async () => {
      for (const change of [...CHANGES, { expiresAt: null }]) {
        const outcome = await store.update({ id: key.id }, change, trace({ at: START + 1 }));
        assertEqual(outcome, { refused: 'revoked' }, `update of ${Object.keys(change)}`);
      }
    });
  },

  'refuses a key that was revoked at the time 0': async (subject) => {
    const { store } = subject;
    const key = await put(subject, { createdAt: 0 });
    await store.revoke({ id: key.id }, trace({ at: 0 }));
    const outcome = await store.update({ id: key.id }, { name: 'n' }, trace({ at: 0 }));
    assertEqual(outcome, { refused: 'revoked' }, 'update');
  },
};

/** Fails unless the update gives the expected key, and every read after it does. */
async function assertUpdates(
  { store, other }: Subject,
  { id, digest }: StoredKey,
  change: KeyChange,
  expected: StoredKey,
): Promise<void> {
  const of = Object.keys(change).join();
  assertEqual(await store.update({ id }, change, trace()), { key: expected }, `update of ${of}`);
  assertEqual(await other.find({ id }), expected, `find, after an update of ${of}`);
  assertEqual(await other.findByDigest(digest), expected, `findByDigest, after ${of}`);
}
