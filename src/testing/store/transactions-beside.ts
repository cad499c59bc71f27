import { updateRule } from '../../rules/update.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, trace } from '../fixtures.ts';
import { feedOf, generationsOf } from './feed.ts';
import { type Topic, unique } from './subject.ts';
import { RunningWork } from './timing.ts';
import { join, rolledBack } from './transactions.ts';
import { changeDraft, changesOf, put, write } from './writes.ts';

/** For a store in which an open transaction does not block other owners. */
export const transactionsBeside: Topic = {
  'do not block changes of other owners': async (subject) => {
    const { store, other, owner, transact } = subject;
    const key = await put(subject);
    const theirs = await put({ store, owner: neighbourOf(store, owner) });
    await transact(async (transaction) => {
      await join(store, transaction, (joined) =>
        write(joined, owner, changeDraft(key, { ...key, revokedAt: START })),
      );
      const rule = updateRule({ id: theirs.id }, { name: 'beside' }, trace());
      const change = changesOf(other).make(rule, { wait: 'commit' });
      await new RunningWork("the other owner's change", change).resolves();
    });
    assertEqual((await other.find({ id: theirs.id }))?.name, 'beside', 'the name');
  },
};

/** For a store that has both a change feed and transactions of the application. */
export const transactionFeed: Topic = {
  'raise generations with the commit, and not with a rollback': async (subject) => {
    const { store, other, owner, transact } = subject;
    const key = await put(subject);
    const after = { ...key, name: 'joined' };
    const update = async (transaction: unknown) => {
      await join(store, transaction, (joined) => write(joined, owner, changeDraft(key, after)));
    };
    const before = await generationsOf(other);
    await rolledBack(subject, update);
    assertEqual(await generationsOf(other), before, 'the generations after a rollback');
    await transact(update);
    const raised = [...(await generationsOf(other))].filter(
      ([shard, generation]) => generation !== (before.get(shard) ?? 0),
    );
    assertEqual(raised.length, 1, 'the number of shards raised');
    const [[shard = -1, generation = 0] = []] = raised;
    assertEqual(generation, (before.get(shard) ?? 0) + 1, 'the generation after a commit');
    assert(feedOf(store).shardsOf(owner).includes(shard), "it is one of the owner's shards");
    const { shards } = await feedOf(other).read(before);
    assertEqual(shards[0]?.recent[0], key.id, 'the most recent id');
  },
};

/** Another owner whose keys depend on the same shards of the change feed. */
function neighbourOf(store: KeyStore, owner: string): string {
  const feed = store.changes;
  if (feed === undefined) return unique('org');
  const shards = JSON.stringify(feed.shardsOf(owner));
  for (let tries = 0; tries < 10_000; tries++) {
    const neighbour = unique('org');
    if (JSON.stringify(feed.shardsOf(neighbour)) === shards) return neighbour;
  }
  throw new Error('no owner in ten thousand has the same shards');
}
