import { hasCode } from '../../errors.ts';
import { createRule } from '../../rules/create.ts';
import { updateRule } from '../../rules/update.ts';
import type { ChangeScope, CommitResult, KeyStore } from '../../store.ts';
import { assert, assertEqual, assertRejects } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import { assertAlone, assertUsable, CONTENDED_MS } from './hold.ts';
import {
  assertFound,
  assertUnchanged,
  chainOf,
  type Subject,
  stateOf,
  type Topic,
  unique,
} from './subject.ts';
import { RunningWork } from './timing.ts';
import {
  addDraft,
  assertStatus,
  changeDraft,
  changeOn,
  changesOf,
  eventDraft,
  put,
  write,
} from './writes.ts';

/** For a store that joins transactions of the application. */
export const transactions: Topic = {
  'commit with the application': async (subject) => {
    const { store, other, owner, transact } = subject;
    const key = await put(subject);
    const after = { ...key, name: 'joined' };
    const added = storedKey({ owner });
    await transact(async (transaction) => {
      await join(store, transaction, (joined) => write(joined, owner, changeDraft(key, after)));
      await join(store, transaction, (joined) => write(joined, owner, addDraft(added)));
    });
    await assertFound(other, key.digest, after, 'the changed key');
    assertEqual(await other.find({ id: added.id }), added, 'the added key');
    assertEqual((await chainOf(other, owner)).length, 3, 'the number of events');
  },

  'leave nothing when the application rolls back': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    const added = storedKey({ owner });
    await assertUnchanged(subject, [owner], () =>
      rolledBack(subject, async (transaction) => {
        await join(store, transaction, async (joined) => {
          await write(joined, owner, changeDraft(key, { ...key, revokedAt: START }));
          await write(joined, owner, addDraft(added));
        });
      }),
    );
    await assertFound(other, added.digest, undefined, 'findByDigest');
    await write(store, owner, addDraft(added));
  },

  'show earlier changes to later ones': async ({ store, other, owner, transact }) => {
    const key = storedKey({ owner, name: 'before' });
    const theirs = storedKey({ owner: unique('org') });
    await transact(async (transaction) => {
      await join(store, transaction, (joined) => write(joined, owner, addDraft(key)));
      await join(store, transaction, (joined) => write(joined, theirs.owner, addDraft(theirs)));
      await join(store, transaction, async (joined) => {
        const view = await joined.view({ kind: 'key', id: key.id, owner });
        assertEqual([view.head.sequence, view.keys], [1, [key]], 'view of the key');
        const elsewhere = { kind: 'key', id: key.id, owner: theirs.owner } as const;
        assertEqual((await joined.view(elsewhere)).keys, [], 'view with another owner');
        const all = await joined.view({ kind: 'unrevoked', owner });
        assertEqual(all.keys, [key], 'view of all keys');
        await write(joined, owner, changeDraft(key, { ...key, name: 'after' }));
      });
    });
    assertEqual((await other.find({ id: key.id }))?.name, 'after', 'the name');
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
    assertEqual((await chainOf(other, theirs.owner)).length, 1, "the other owner's events");
  },

  'stay usable after a commit that fails': async (subject) => {
    const { store, other, owner, transact } = subject;
    const taken = await put(subject);
    const first = storedKey({ owner });
    await transact(async (transaction) => {
      await join(store, transaction, (joined) => write(joined, owner, addDraft(first)));
      await join(store, transaction, (joined) => assertUsable(joined, owner, taken.digest));
    });
    assertEqual(await other.find({ id: first.id }), first, 'the key that was added before');
    assertEqual((await chainOf(other, owner)).length, 3, 'the number of events');
  },

  'stay usable after work that rejects': async ({ store, other, owner, transact }) => {
    const key = storedKey({ owner });
    const failure = new Error('the rule forbids it');
    await transact(async (transaction) => {
      await join(store, transaction, (joined) => write(joined, owner, addDraft(key)));
      const failed = await join(store, transaction, async (joined) => {
        await joined.view({ kind: 'owner', owner });
        throw failure;
      }).catch((error: unknown) => error);
      assert(failed === failure, 'join rejects with the error of its work');
      await join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
    });
    assertEqual(await other.find({ id: key.id }), key, 'find');
    assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
  },

  'lock the head that they viewed': async ({ store, other, owner, transact }) => {
    const change = await changeOn(other, owner, eventDraft(owner));
    let beside: RunningWork<CommitResult> | undefined;
    const key = storedKey({ owner });
    await transact(async (transaction) => {
      await join(store, transaction, async (joined) => {
        const own = await changeOn(joined, owner, addDraft(key));
        beside = new RunningWork('the other change', other.commit(change));
        await beside.runs();
        assertStatus(await joined.commit(own), 'committed');
      });
    });
    await assertAlone({ other, owner }, beside, key.id);
  },

  'do not block a plain change of the owner for ever': async (subject) => {
    const { store, other, owner, transact } = subject;
    const { id } = await put(subject);
    await transact(async (transaction) => {
      await join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
      const plain = changesOf(other).make(updateRule({ id }, { name: 'n' }, trace()));
      const { error } = await new RunningWork('the plain change', plain).ends(CONTENDED_MS);
      assert(hasCode(error, 'change_contended'), `it is contended, not ${error}`);
    });
    await changesOf(other).make(updateRule({ id }, { name: 'after' }, trace()));
    const state = await stateOf(other, owner);
    const kept = [state.keys[0]?.name, state.events.length];
    assertEqual(kept, ['after', 3], 'the name, and the number of events');
  },

  'do not include changes made outside of them': async (subject) => {
    const { store, other, owner } = subject;
    const beside = storedKey({ owner: unique('org') });
    let work: Promise<boolean> = Promise.resolve(false);
    await rolledBack(subject, async (transaction) => {
      await join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
      // Not awaited: a store with one connection runs it after the application's transaction.
      const rule = createRule(beside.owner, () => beside, trace());
      work = changesOf(store)
        .make(rule)
        .then(
          () => true,
          () => false,
        );
      await join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
    });
    const done = await work;
    assertEqual(await other.find({ id: beside.id }), done ? beside : undefined, 'find');
    assertEqual((await chainOf(other, beside.owner)).length, done ? 1 : 0, 'the number of events');
    assertEqual(await other.head(owner), await store.head(owner), 'the head');
  },

  'leave the store usable for other changes': async ({ store, other, transact }) => {
    const owners = Array.from({ length: 4 }, () => unique('org'));
    await Promise.all(
      owners.flatMap((owner) => [
        transact(async (transaction) => {
          await join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
        }),
        changesOf(other).make(createRule(owner, () => storedKey({ owner }), trace())),
      ]),
    );
    for (const owner of owners) {
      assertEqual((await chainOf(other, owner)).length, 2, 'the number of events');
    }
  },

  'are refused if the argument is no transaction': async ({ store, owner }) => {
    for (const transaction of [{}, null, 'BEGIN']) {
      const work = join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
      await assertRejects(work, 'invalid_argument', `join of ${JSON.stringify(transaction)}`);
    }
  },

  'are refused once they are over': async (subject) => {
    const { store, owner, transact } = subject;
    let over: unknown;
    await transact(async (transaction) => {
      over = transaction;
      await join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
    });
    await assertUnchanged(subject, [owner], async () => {
      const late = join(store, over, (joined) => write(joined, owner, eventDraft(owner)));
      const rejected = await late.then(
        () => false,
        () => true,
      );
      assert(rejected, 'join of a transaction that is over rejects');
    });
  },
};

/** For a store that cannot join a transaction of the application. */
export const noTransactions: Topic = {
  'are not supported': async ({ store }) => {
    assertEqual(store.join, undefined, 'join');
  },
};

export function join<Result>(
  store: KeyStore,
  transaction: unknown,
  work: (joined: ChangeScope) => Promise<Result>,
): Promise<Result> {
  assert(store.join !== undefined, 'the store joins transactions');
  return store.join(transaction, work);
}

/** Runs `work` in a transaction of the application, and rolls it back. */
export async function rolledBack(
  { transact }: Subject,
  work: (transaction: unknown) => Promise<unknown>,
): Promise<void> {
  const rollback = new Error('the application rolls back');
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
