import type { StoredKey } from '../../record.ts';
import type { Draft } from '../../rules/rule.ts';
import type { Change } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import { BULK } from './commit.ts';
import { assertUnchanged, chainOf, type Subject, stateOf, type Topic, unique } from './subject.ts';
import {
  addDraft,
  alter,
  assertStatus,
  changeDraft,
  changeOn,
  eventDraft,
  put,
  write,
} from './writes.ts';

/** Commits that are refused, and write nothing. */
export const refusedCommit: Topic = {
  'is stale on any head but the current one': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    const first = await store.head(owner);
    await write(store, owner, eventDraft(owner));
    const head = await store.head(owner);
    await assertUnchanged(subject, [owner], async () => {
      const factor = { actorId: 'user_1', document: { version: 3, value: 'stale' } };
      const draft = { ...changeDraft(key, { ...key, name: 'n' }), added: [storedKey({ owner })] };
      for (const other of [
        first,
        { sequence: 0, digest: '0'.repeat(64) },
        { ...head, sequence: first.sequence },
        { ...head, sequence: head.sequence + 1 },
        { ...head, digest: first.digest },
      ]) {
        const change = { ...(await changeOn(store, owner, draft)), head: other, factor };
        const result = await store.commit(change);
        assertStatus(result, 'stale');
        if ('head' in result) assertEqual(result.head, head, 'the present head');
      }
    });
    const { factor } = await other.view({ kind: 'factor', owner, actorId: 'user_1' });
    assertEqual(factor, undefined, 'the second factor');
  },

  'is stale on a head for an owner without events': async (subject) => {
    const { store, other, owner } = subject;
    const change = await changeOn(store, owner, addDraft(storedKey({ owner })));
    const head = { sequence: 1, digest: storedKey().digest };
    assertStatus(await store.commit({ ...change, head }), 'stale');
    assertEqual(await stateOf(other, owner), { keys: [], events: [] }, 'the state');
    assertStatus(await store.commit(change), 'committed');
  },

  'is stale if the digest of the key has changed': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const upgraded = { ...key, digest: storedKey().digest };
    const revocation = await changeOn(store, owner, changeDraft(key, { ...key, revokedAt: START }));
    const upgrade = await changeOn(store, owner, {
      changed: [{ before: key, after: { ...key, digest: storedKey().digest } }],
    });
    await write(store, owner, { changed: [{ before: key, after: upgraded }] });
    await assertUnchanged(subject, [owner], async () => {
      assertStatus(await store.commit(revocation), 'stale', 'a revocation');
      assertStatus(await store.commit(upgrade), 'stale', 'an upgrade');
    });
    await alter(subject, upgraded, { revokedAt: START });
  },

  'finds the digest or the id of an added key taken': async (subject) => {
    const { store } = subject;
    const taken = await put(subject);
    const theirs = await put({ store, owner: unique('org') });
    const revoked = await put(subject, { revokedAt: START });
    for (const { id, digest } of [taken, theirs, revoked]) {
      await assertTaken(subject, theirs.owner, { digest });
      await assertTaken(subject, theirs.owner, { id });
    }
  },

  'finds the digest of a changed key taken': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const theirs = await put({ store, owner: unique('org') });
    for (const { digest } of [await put(subject), theirs]) {
      await assertUnchanged(subject, [owner, theirs.owner], async () => {
        const draft = { changed: [{ before: key, after: { ...key, digest } }] };
        assertStatus(await store.commit(await changeOn(store, owner, draft)), 'digest_taken');
      });
    }
  },

  'leaves its ids and digests free': async (subject) => {
    const { store, other, owner } = subject;
    const taken = await put(subject);
    const key = storedKey({ owner });
    for (const same of [{ digest: taken.digest }, { id: taken.id }]) {
      const draft = addDraft({ ...key, ...same });
      assertStatus(await store.commit(await changeOn(store, owner, draft)), 'digest_taken');
    }
    await write(store, owner, addDraft(key));
    assertEqual(await other.find({ id: key.id }), key, 'find');
  },

  'writes nothing of a change that cannot be written': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const after = { ...key, revokedAt: START };
    const drafts: Readonly<Record<string, Draft>> = {
      addition: addDraft(storedKey({ owner })),
      revocation: changeDraft(key, after),
      erasure: { ...eventDraft(owner), factor: { actorId: 'user_1', value: 'v' } },
    };
    await assertUnchanged(subject, [owner], async () => {
      for (const [what, draft] of Object.entries(drafts)) {
        const change = unreadable(await changeOn(store, owner, draft));
        const rejected = await store.commit(change).then(
          () => false,
          () => true,
        );
        assert(rejected, `${what} with an event that cannot be read rejects`);
      }
    });
    await write(store, owner, changeDraft(key, after));
    assertEqual((await chainOf(subject.other, owner)).length, 2, 'the number of events');
  },

  'writes none of thousands of rows': async (subject) => {
    const { store, other, owner } = subject;
    const { digest } = await put(subject);
    const fresh = Array.from({ length: BULK }, () => storedKey({ owner }));
    await assertUnchanged(subject, [owner], async () => {
      const taken = await changeOn(store, owner, addDraft(...fresh, storedKey({ owner, digest })));
      assertStatus(await store.commit(taken), 'digest_taken');
      const stale = { ...taken, head: { ...taken.head, digest } };
      assertStatus(await store.commit(stale), 'stale');
    });
    for (const { id } of [...fresh.slice(0, 2), ...fresh.slice(-2)]) {
      assertEqual(await other.find({ id }), undefined, 'find');
    }
  },
};

async function assertTaken(subject: Subject, theirs: string, overrides: Partial<StoredKey>) {
  const { store, owner } = subject;
  const draft = addDraft(storedKey({ owner }), storedKey({ owner, ...overrides }));
  await assertUnchanged(subject, [owner, theirs], async () => {
    assertStatus(await store.commit(await changeOn(store, owner, draft)), 'digest_taken');
  });
}

/** The change, with an unreadable actor in its newest event. */
function unreadable(change: Change): Change {
  const actor = {
    id: 'user_1',
    get detail(): string {
      throw new Error('this detail cannot be read');
    },
  };
  const [...events] = change.events;
  const last = events.pop();
  return { ...change, events: last ? [...events, { ...last, ...trace(), actor }] : events };
}
