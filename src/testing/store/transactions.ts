import { assert, assertEqual, assertRejects } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { feedOf } from './leases.ts';
import {
  assertUnchanged,
  chainOf,
  keptKey,
  put,
  type Subject,
  type Topic,
  unique,
} from './subject.ts';

/** For a store that joins transactions of the host. */
export const transactions: Topic = {
  'commit the change and its event with the host': async (subject) => {
    const { store, other, owner, transact } = subject;
    const key = storedKey({ owner });
    const next = successor();
    await transact((transaction) => store.create(key, trace(), { transaction }));
    assertEqual(await other.find({ id: key.id }), key, 'find, after create');
    await transact(async (transaction) => {
      await store.update({ id: key.id }, { name: 'n' }, trace(), { transaction });
    });
    assertEqual(await other.find({ id: key.id }), { ...key, name: 'n' }, 'find, after update');
    await transact(async (transaction) => {
      await store.rotate({ id: key.id }, next, trace(), { transaction });
    });
    assertEqual((await keptKey(other, next.id)).replaces, key.id, 'the successor, after rotate');
    const actions = (await chainOf(other, owner)).map(({ action }) => action);
    assertEqual(actions, ['key.created', 'key.updated', 'key.rotated'], 'the actions');
  },

  'leave nothing when the host rolls back': async (subject) => {
    const { store, other, owner } = subject;
    const { id } = await put(subject);
    const key = storedKey({ owner });
    const next = successor();
    await assertUnchanged(subject, [owner], async () => {
      await rolledBack(subject, (transaction) => store.create(key, trace(), { transaction }));
      await rolledBack(subject, (transaction) =>
        store.update({ id }, { name: 'n' }, trace(), { transaction }),
      );
      await rolledBack(subject, (transaction) =>
        store.rotate({ id }, next, trace(), { transaction }),
      );
    });
    assertEqual(await other.findByDigest(key.digest), undefined, 'findByDigest, the new key');
    assertEqual(await other.findByDigest(next.digest), undefined, 'findByDigest, the successor');
    await store.create(key, trace());
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
  },

  'hold several changes, each of which sees the one before': async (subject) => {
    const { store, other, owner, transact } = subject;
    const key = storedKey({ owner, name: 'before' });
    const theirs = storedKey({ owner: unique('org') });
    const next = successor();
    await transact(async (transaction) => {
      await store.create(key, trace(), { transaction });
      assertEqual(await store.find({ id: key.id, owner }, { transaction }), key, 'find');
      const elsewhere = { id: key.id, owner: theirs.owner };
      const absent = await store.find(elsewhere, { transaction });
      assertEqual(absent, undefined, "find, of another owner's key");
      const updated = await store.update({ id: key.id }, { name: 'n' }, trace(), { transaction });
      assertEqual(updated, { key: { ...key, name: 'n' } }, 'update');
      await store.create(theirs, trace(), { transaction });
      const rotated = await store.rotate({ id: key.id }, next, trace(), { transaction });
      assert(rotated !== undefined && 'key' in rotated, 'rotate adds a successor');
      assertEqual(rotated.key.name, 'n', 'the name of the successor');
    });
    assertEqual((await chainOf(other, owner)).length, 3, 'the number of events');
    assertEqual((await chainOf(other, theirs.owner)).length, 1, "the other owner's events");
  },

  'give the outcomes of changes that do not take place': async (subject) => {
    const { store, owner, transact } = subject;
    const revoked = await put(subject);
    await store.revoke({ id: revoked.id }, trace());
    const ref = { id: revoked.id };
    const unknown = { id: unique('key'), owner };
    await assertUnchanged(subject, [owner], () =>
      transact(async (transaction) => {
        const options = { transaction };
        const refused = { refused: 'revoked' };
        const change = { name: 'n' };
        assertEqual(await store.update(ref, change, trace(), options), refused, 'update');
        assertEqual(await store.rotate(ref, successor(), trace(), options), refused, 'rotate');
        const absent = await store.update(unknown, change, trace(), options);
        assertEqual(absent, undefined, 'update of an unknown key');
      }),
    );
  },

  'are rolled back by the host after a taken digest': async (subject) => {
    const { store, owner } = subject;
    const taken = await put(subject);
    await assertUnchanged(subject, [owner], () =>
      rolledBack(subject, async (transaction) => {
        await store.create(storedKey({ owner }), trace(), { transaction });
        const key = storedKey({ owner, digest: taken.digest });
        const work = store.create(key, trace(), { transaction });
        await assertRejects(work, 'digest_taken', 'create');
      }),
    );
  },

  'take in nothing that is done beside them': async (subject) => {
    const { store, other, owner } = subject;
    const beside = storedKey({ owner: unique('org') });
    let work: Promise<boolean> = Promise.resolve(false);
    await rolledBack(subject, async (transaction) => {
      await store.create(storedKey({ owner }), trace(), { transaction });
      // Not awaited: a store with one connection cannot do it before the host is done.
      work = store.create(beside, trace()).then(
        () => true,
        () => false,
      );
      await store.create(storedKey({ owner }), trace(), { transaction });
    });
    const done = await work;
    assertEqual(await other.find({ id: beside.id }), done ? beside : undefined, 'find');
    assertEqual((await chainOf(other, beside.owner)).length, done ? 1 : 0, 'the number of events');
  },

  'leave the store usable beside them': async (subject) => {
    const { store, other, transact } = subject;
    const owners = Array.from({ length: 4 }, () => unique('org'));
    await Promise.all(
      owners.flatMap((owner) => [
        transact((transaction) => store.create(storedKey({ owner }), trace(), { transaction })),
        put({ store: other, owner }),
      ]),
    );
    for (const owner of owners) {
      assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
    }
  },
};

/** For a store that has both a change feed and transactions of the host. */
export const transactionFeed: Topic = {
  'raise the generation with the commit, and not with a rollback': async (subject) => {
    const { store, other, transact } = subject;
    const { id } = await put(subject);
    const feed = feedOf(other);
    const before = await feed.lease('observer', -1, 1);
    await rolledBack(subject, (transaction) =>
      store.update({ id }, { name: 'n' }, trace(), { transaction }),
    );
    assertEqual(await feed.lease('observer', -1, 1), before, 'the generation after a rollback');
    await transact(async (transaction) => {
      await store.update({ id }, { name: 'n' }, trace(), { transaction });
    });
    assertEqual(await feed.lease('observer', -1, 1), before + 1, 'the generation after a commit');
  },
};

/** For a store that cannot join a transaction of the host. */
export const noTransactions: Topic = {
  'are rejected with invalid_argument, and nothing is changed': async (subject) => {
    const { store, owner } = subject;
    const { id } = await put(subject);
    const options = { transaction: {} };
    const work = {
      find: () => store.find({ id }, options),
      create: () => store.create(storedKey({ owner }), trace({ at: START }), options),
      update: () => store.update({ id }, { name: 'n' }, trace(), options),
      rotate: () => store.rotate({ id }, successor(), trace(), options),
    };
    await assertUnchanged(subject, [owner], async () => {
      for (const [what, change] of Object.entries(work)) {
        await assertRejects(change(), 'invalid_argument', what);
      }
    });
  },
};

/** Runs `work` in a transaction of the host that is rolled back after it. */
async function rolledBack(
  { transact }: Subject,
  work: (transaction: unknown) => Promise<unknown>,
): Promise<void> {
  const rollback = new Error('the host rolls back');
  try {
    await transact(async (transaction) => {
      await work(transaction);
      throw rollback;
    });
  } catch (error) {
    if (error !== rollback) throw error;
    return;
  }
  assert(false, 'a transaction whose work rejects is rolled back and rejects');
}
