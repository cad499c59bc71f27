import type { ChangeFeed, FeedShard } from '../../change-feed.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey } from '../fixtures.ts';
import { repeated } from './contenders.ts';
import { factorDraft } from './factors.ts';
import { keptKey, type Subject, type Topic, unique } from './subject.ts';
import { RunningWork, until } from './timing.ts';
import {
  addDraft,
  alter,
  assertStatus,
  changeDraft,
  changeOn,
  put,
  putMany,
  write,
} from './writes.ts';

const NONE: ReadonlyMap<number, number> = new Map();

/** The change feed, which counts changes. */
export const changeFeed: Topic = {
  'counts the keys that a commit purged, in one shard of their owner': async (subject) => {
    const { store, owner } = subject;
    const keys = await putMany(subject, 3);
    const [shard] = await assertRaises(subject, 3, () =>
      write(store, owner, {
        changed: keys.map((before) => ({ before, after: { ...before, revokedAt: START } })),
        events: changeDraft(keys[0] ?? storedKey(), storedKey()).events ?? [],
        purged: keys.map(({ id }) => id),
      }),
    );
    assert(shard !== undefined, 'a shard is raised');
    assert(feedOf(store).shardsOf(owner).includes(shard.shard), "it is one of the owner's shards");
    const ids = keys.map(({ id }) => id);
    assertEqual(shard.recent.slice(0, 3).sort(), ids.sort(), 'the ids that were purged last');
  },

  'counts nothing for a commit that purges nothing': async (subject) => {
    const { store, owner } = subject;
    const before = await put(subject);
    await assertRaises(subject, 0, async () => {
      await put(subject);
      await write(store, owner, factorDraft({ owner, actorId: 'user_1' }, 'one'));
      const after = { ...before, digest: storedKey().digest };
      await write(store, owner, { changed: [{ before, after }] });
      await store.recordUsage(new Map([[before.id, START]]));
    });
  },

  'counts nothing for a commit that fails': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const taken = await put(subject);
    await assertRaises(subject, 0, async () => {
      const update = await changeOn(store, owner, changeDraft(key, { ...key, name: 'n' }));
      const head = { ...update.head, sequence: 1 };
      assertStatus(await store.commit({ ...update, head }), 'stale');
      const added = addDraft(storedKey({ owner, digest: taken.digest })).added ?? [];
      assertStatus(await store.commit({ ...update, added }), 'digest_taken');
    });
  },

  'draws a new mark for each raise': async (subject) => {
    const { owner } = subject;
    const feed = feedOf(subject.other);
    let key = await put(subject);
    const marks = new Set<string>();
    for (let i = 0; i < 8; i++) {
      const before = await generationsOf(subject.other);
      key = await alter(subject, key, { name: `${i}` });
      const { shards } = await feed.read(before);
      for (const { mark } of shards) {
        assert(/^[0-9a-f]{16}$/.test(mark), 'a mark is 16 lower-case hexadecimal digits');
        marks.add(mark);
      }
    }
    assertEqual(marks.size, 8, 'the number of different marks');
    assert(feed.shardsOf(owner).length > 0, 'the owner depends on a shard');
  },

  'sums up generations and marks': async (subject) => {
    const feed = feedOf(subject.other);
    let key = await put(subject);
    for (let i = 0; i < 3; i++) {
      key = await alter(subject, key, { name: `${i}` });
      const { shards } = await feed.read(NONE);
      const total = shards.reduce((sum, { generation }) => sum + generation, 0);
      const marks = shards.reduce((sum, { mark }) => sum ^ BigInt(`0x${mark}`), 0n);
      const poll = await feed.poll(unique('holder'));
      const expected = [total, marks.toString(16).padStart(16, '0')];
      assertEqual([poll.total, poll.marks], expected, 'total and marks');
    }
  },

  'keeps the 32 ids that were purged last, newest first': async (subject) => {
    const { store, owner } = subject;
    const ids = Array.from({ length: 70 }, (_, i) => `key_${10 + i}`);
    const purge = async (...purged: string[]) => {
      const draft = { ...addDraft(storedKey({ owner })), purged };
      const [shard] = await assertRaises(subject, purged.length, () => write(store, owner, draft));
      return [...(shard?.recent ?? [])];
    };
    const [first = '', second = ''] = ids;
    await purge(first);
    assertEqual((await purge(second)).slice(0, 2), [second, first], 'the newest');
    assertEqual((await purge(first)).slice(0, 3), [first, second, first], 'an id that repeats');
    const some = await purge(...ids.slice(10, 30));
    assertEqual(some.slice(0, 20).sort(), ids.slice(10, 30), 'the ids of a change of 20');
    const more = await purge(...ids.slice(30, 50));
    assertEqual(more.slice(0, 20).sort(), ids.slice(30, 50), 'the ids of another');
    assertEqual(more.slice(20), some.slice(0, 12), 'the ids before them');
    const all = await purge(...ids);
    assertEqual(all.length, 32, 'their number after a change of more');
    assert(
      all.every((id) => ids.includes(id)),
      'they are ids of that change',
    );
  },

  'reads only the shards that differ from what was seen': async (subject) => {
    const feed = feedOf(subject.other);
    const key = await put(subject);
    await alter(subject, key, { name: 'one' });
    const seen = await generationsOf(subject.other);
    assertEqual((await feed.read(seen)).shards, [], 'the shards without a change');
    await alter(subject, key, { name: 'two' });
    const { shards } = await feed.read(seen);
    assertEqual(shards.length, 1, 'the number of shards after a change');
    const [{ shard = -1, generation = 0 } = {}] = shards;
    assertEqual(generation, (seen.get(shard) ?? 0) + 1, 'the generation');
    const ahead = new Map(seen).set(shard, generation + 5);
    assertEqual((await feed.read(ahead)).shards, shards, 'a shard that was seen ahead');
  },

  'counts a change no earlier than it can be read': repeated(async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    const before = (await feedOf(other).poll('nobody')).total;
    const change = await changeOn(store, owner, changeDraft(key, { ...key, revokedAt: START }));
    const done = new RunningWork('the commit', store.commit(change));
    await until(async () => (await feedOf(other).poll('nobody')).total > before, 'it is counted');
    // A cache that has seen the new generation caches what it reads now.
    const read = await other.findByDigest(key.digest);
    assertEqual(read?.revokedAt, START, 'what is read after the new generation was seen');
    await done.resolves();
  }),

  'is the same on all handles, in one epoch': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    const first = await feedOf(store).poll('nobody');
    await alter(subject, key, { name: 'n' });
    const [mine, theirs] = [await feedOf(store).poll('nobody'), await feedOf(other).poll('nobody')];
    assertEqual(theirs, mine, 'what is polled on the other handle');
    assertEqual(mine.total, first.total + 1, 'the total');
    assert(mine.epoch.length > 0, 'the epoch is a text');
    const epochs = [
      first.epoch,
      (await feedOf(other).read(NONE)).epoch,
      (await feedOf(other).readMembers()).epoch,
    ];
    assertEqual(epochs, [mine.epoch, mine.epoch, mine.epoch], 'the epochs');
  },
};

/** For a store without a change feed, which cannot be cached. */
export const noChangeFeed: Topic = {
  'is absent': async ({ store }) => {
    assertEqual(store.changes, undefined, 'changes');
  },
};

/** For a store whose feed has no `subscribe`. */
export const noPush: Topic = {
  'is absent': async ({ store }) => {
    assertEqual(feedOf(store).subscribe, undefined, 'subscribe');
  },

  'leaves hints without effect': async ({ store }) => {
    await feedOf(store).hint();
  },
};

/** For a store whose feed has `subscribe`. */
export const push: Topic = {
  'calls every listener of every handle after a change and its hint': async (subject) => {
    const { store, other } = subject;
    const key = await put(subject);
    await listening(store, (first) =>
      listening(other, async (second) => {
        for (const handle of [store, other]) {
          const before = [first(), second()] as const;
          const present = await keptKey(handle, key.id);
          await alter({ store: handle }, present, { name: unique('name') });
          await feedOf(handle).hint();
          const isCalled = () => first() > before[0] && second() > before[1];
          await until(isCalled, 'both listeners are called');
        }
      }),
    );
  },

  'ends with the function that subscribe returned, for that listener only': async ({ store }) => {
    let ended = 0;
    await listening(store, async (calls) => {
      const end = await subscribe(feedOf(store), () => ended++);
      await end();
      await feedOf(store).hint();
      await until(() => calls() > 0, 'the other listener is called');
    });
    assertEqual(ended, 0, 'the number of calls after the end');
  },
};

export function feedOf(store: KeyStore): ChangeFeed {
  assert(store.changes !== undefined, 'the store has a change feed');
  return store.changes;
}

/** The generation of each shard. */
export async function generationsOf(store: KeyStore): Promise<ReadonlyMap<number, number>> {
  const { shards } = await feedOf(store).read(NONE);
  return new Map(shards.map(({ shard, generation }) => [shard, generation]));
}

/** Fails unless `work` raises the total by `by`. Returns the shards that differ afterwards. */
async function assertRaises(
  { other }: Subject,
  by: number,
  work: () => Promise<unknown>,
): Promise<readonly FeedShard[]> {
  const feed = feedOf(other);
  const [before, seen] = [await feed.poll('nobody'), await generationsOf(other)];
  await work();
  const after = await feed.poll('nobody');
  assertEqual(after.total, before.total + by, 'the total');
  assertEqual(after.marks === before.marks, by === 0, 'whether the marks are the same');
  return (await feed.read(seen)).shards;
}

/** Runs `body` while a listener is subscribed, and passes it the number of calls. */
async function listening(
  store: KeyStore,
  body: (calls: () => number) => Promise<void>,
): Promise<void> {
  let calls = 0;
  const end = await subscribe(feedOf(store), () => calls++);
  try {
    await body(() => calls);
  } finally {
    await end();
  }
}

function subscribe(feed: ChangeFeed, listener: () => void): Promise<() => Promise<void>> {
  assert(feed.subscribe !== undefined, 'the feed has a push');
  return feed.subscribe(listener);
}
