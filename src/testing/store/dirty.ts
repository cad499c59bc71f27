import type { StoredKey, VerifiableKey } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey } from '../fixtures.ts';
import {
  assertUnchanged,
  chainOf,
  type DirtyConnection,
  keptKey,
  type Subject,
  type Topic,
} from './subject.ts';
import { addDraft, alter, changeDraft, changeOn, put } from './writes.ts';

/** Connections that an earlier user left in a bad state. Each operation must be correct or reject. */
export const dirty: Topic = {
  'return no outdated key': each(async (connection, subject) => {
    const { owner } = subject;
    const reads: Readonly<
      Record<string, (store: KeyStore, key: StoredKey) => Promise<VerifiableKey | undefined>>
    > = {
      findByDigest: async (store, { digest }) => store.findByDigest(digest),
      find: (store, { id }) => store.find({ id }),
      list: async (store, { id }) =>
        (await store.list({ owner, limit: 100, now: START })).items.find((key) => key.id === id),
      view: async (store, { id }) => (await store.view({ kind: 'key', id })).keys[0],
    };
    for (const [what, read] of Object.entries(reads)) {
      const key = await put(subject);
      const store = await connection.open();
      await alter(subject, key, { revokedAt: START });
      const found = await rightOrRejected(() => read(store, key));
      const claim = `revokedAt by ${what} with ${connection.name}`;
      if (found) assertEqual(found.result?.revokedAt, START, claim);
    }
  }),

  'return no outdated head': each(async (connection, subject) => {
    const { other, owner } = subject;
    const reads: Readonly<Record<string, (store: KeyStore) => Promise<unknown>>> = {
      head: async (store) => (await store.head(owner)).sequence,
      readChain: async (store) => (await store.readChain(owner, 0, 500)).length,
      view: async (store) => (await store.view({ kind: 'owner', owner })).head.sequence,
    };
    for (const [what, read] of Object.entries(reads)) {
      const store = await connection.open();
      await put(subject);
      const found = await rightOrRejected(() => read(store));
      const { sequence } = await other.head(owner);
      if (found) assertEqual(found.result, sequence, `${what} with ${connection.name}`);
    }
  }),

  'find no key of another database or schema': each(async (connection) => {
    const { stranger } = connection;
    if (stranger === undefined) return;
    const store = await connection.open();
    const found = await rightOrRejected(async () => store.findByDigest(stranger.digest));
    if (found) assertEqual(found.result, undefined, `findByDigest with ${connection.name}`);
  }),

  'commit a change completely or not at all': each(async (connection, subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    const after = { ...key, revokedAt: START };
    for (const draft of [addDraft(storedKey({ owner })), changeDraft(key, after)]) {
      const dirty = await connection.open();
      const change = await changeOn(store, owner, draft);
      const before = (await chainOf(other, owner)).length;
      const done = await rightOrRejected(() => dirty.commit(change));
      const { length } = await chainOf(other, owner);
      const isMade = done?.result.status === 'committed';
      assertEqual(length, before + (isMade ? 1 : 0), `the events with ${connection.name}`);
      for (const added of draft.added ?? []) {
        const found = await other.find({ id: added.id });
        assertEqual(found, isMade ? added : undefined, `the new key with ${connection.name}`);
      }
      if (draft.changed) {
        const kept = await keptKey(other, key.id);
        assertEqual(kept, isMade ? after : key, `the key with ${connection.name}`);
      }
    }
  }),

  'commit nothing on a head that has moved': each(async (connection, subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const change = await changeOn(store, owner, changeDraft(key, { ...key, name: 'stale' }));
    const dirty = await connection.open();
    await put(subject);
    await assertUnchanged(subject, [owner], async () => {
      const done = await rightOrRejected(() => dirty.commit(change));
      if (done) assertEqual(done.result.status, 'stale', `commit with ${connection.name}`);
    });
  }),
};

function each(check: (connection: DirtyConnection, subject: Subject) => Promise<void>) {
  return async (subject: Subject): Promise<void> => {
    assert(subject.dirty.length > 0, 'the trait `dirty` returns connections');
    for (const connection of subject.dirty) await check(connection, subject);
  };
}

/** The result of the work, or `undefined` if it rejected, which is allowed. */
function rightOrRejected<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  return work().then(
    (result) => ({ result }),
    () => undefined,
  );
}
