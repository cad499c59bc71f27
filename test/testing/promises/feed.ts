import { memoryStore } from 'keywright';
import type { FeedRead } from 'keywright/store-kit';
import { MemoryFeed } from '../../../src/stores/memory/feed.ts';
import { storeOn } from '../../../src/stores/memory.ts';
import {
  broken,
  committing,
  feeding,
  memoryParts,
  type Promises,
  pause,
} from '../fixtures/broken.ts';

/** Reads shards as `seen` makes them. */
function reading(seen: (read: FeedRead) => FeedRead) {
  return feeding((feed) => ({ read: async (generations) => seen(await feed.read(generations)) }));
}

/** What the change feed promises. */
export const feedPromises: Promises = {
  'the feed counts the keys that commits purged, and names them': {
    checks: [
      'the change feed: counts the keys that a commit purged, in one shard of their owner',
      'the change feed: counts nothing for a commit that purges nothing',
      'the change feed: counts nothing for a commit that fails',
      'the change feed: draws a new mark for each raise',
      'the change feed: sums up generations and marks',
      'the change feed: keeps the 32 ids that were purged last, newest first',
      'the change feed: reads only the shards that differ from what was seen',
      'the change feed: counts a change no earlier than it can be read',
      'the change feed: is the same on all handles, in one epoch',
    ],
    broken: {
      'counts one for a change of many keys': committing((change) => ({
        ...change,
        purged: change.purged.slice(0, 1),
      })),
      'counts a creation': committing((change) => ({
        ...change,
        purged: [...change.purged, ...change.added.map(({ id }) => id)],
      })),
      'counts a commit that is not made': broken(({ inner, feed }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          if (result.status !== 'committed') feed.raise(change.purged);
          return result;
        },
      })),
      'has one mark for all raises': reading((read) => ({
        ...read,
        shards: read.shards.map((shard) => ({ ...shard, mark: '0'.repeat(16) })),
      })),
      'sums up one generation too many': feeding((feed) => ({
        poll: async (holder) => {
          const poll = await feed.poll(holder);
          return { ...poll, total: poll.total + 1 };
        },
      })),
      'keeps each id once': reading((read) => ({
        ...read,
        shards: read.shards.map((shard) => ({ ...shard, recent: [...new Set(shard.recent)] })),
      })),
      'keeps 16 ids': reading((read) => ({
        ...read,
        shards: read.shards.map((shard) => ({ ...shard, recent: shard.recent.slice(0, 16) })),
      })),
      'reads all shards': feeding((feed) => ({ read: () => feed.read(new Map()) })),
      'counts a change before it is written': broken(({ inner, feed }) => ({
        commit: async (change) => {
          feed.raise(change.purged);
          await pause();
          await pause();
          return inner.commit({ ...change, purged: [] });
        },
      })),
      'counts for each handle apart': {
        open: () => {
          const { inner, tables } = memoryParts();
          return { store: inner, other: storeOn(tables, new MemoryFeed()) };
        },
      },
    },
  },

  'the feed pushes hints to all listeners': {
    checks: [
      'the push: calls every listener of every handle after a change and its hint',
      'the push: ends with the function that subscribe returned, for that listener only',
    ],
    broken: {
      'does not push': feeding(() => ({ subscribe: async () => async () => {} })),
      'pushes to the newest listener': feeding((feed) => {
        let end = async () => {};
        return {
          subscribe: async (listener) => {
            await end();
            end = await feed.subscribe(listener);
            return end;
          },
        };
      }),
      'pushes on after the end': feeding((feed) => ({
        subscribe: async (listener) => {
          await feed.subscribe(listener);
          return async () => {};
        },
      })),
    },
  },

  'a feed without push has no subscribe, and takes hints': {
    checks: ['the push: is absent', 'the push: leaves hints without effect'],
    broken: {
      'has a subscribe that never calls': {
        ...feeding(() => ({
          subscribe: async () => async () => {},
          hint: async () => {
            throw new Error('there is no push');
          },
        })),
        traits: { changes: 'poll' },
      },
    },
  },

  'a store that no cache can stand before has no feed': {
    checks: ['the change feed: is absent'],
    broken: {
      'has a feed': { open: () => ({ store: memoryStore() }), traits: { changes: 'none' } },
    },
  },

  'members acknowledge, leave and are pruned': {
    checks: [
      'members of the feed: acknowledge only forward',
      'members of the feed: leave, and can come back',
      'members of the feed: are read with the total that a change must wait for',
      'members of the feed: are pruned if they have not acknowledged',
      'members of the feed: make commits report the longest lease ever registered',
      'members of the feed: have an epoch that is settled with the first of them',
    ],
    broken: {
      'acknowledges backward': feeding((feed) => ({
        acknowledge: async (holder, total) => {
          await feed.leave(holder);
          await feed.acknowledge(holder, total);
        },
      })),
      'keeps members that leave': feeding(() => ({ leave: async () => {} })),
      'lets all members leave with one': feeding((feed) => ({
        leave: async () => {
          const { members } = await feed.readMembers();
          for (const { holder } of members) await feed.leave(holder);
        },
      })),
      'reads the total of the change before': feeding((feed) => ({
        readMembers: async () => {
          const read = await feed.readMembers();
          return { ...read, total: read.total - 1 };
        },
      })),
      'prunes members that have acknowledged': feeding((feed) => ({
        prune: async (holders) => {
          for (const holder of holders) await feed.leave(holder);
        },
      })),
      'prunes members that are not named': feeding((feed) => ({
        prune: async (_, total) => {
          const { members } = await feed.readMembers();
          await feed.prune(
            members.map(({ holder }) => holder),
            total,
          );
        },
      })),
      'reports no lease': broken(({ inner }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          return result.status === 'committed' ? { ...result, watchedMs: 0 } : result;
        },
      })),
      'reports the newest lease': broken(({ inner, feed }) => {
        let newest = 0;
        return {
          commit: async (change) => {
            const result = await inner.commit(change);
            return result.status === 'committed' ? { ...result, watchedMs: newest } : result;
          },
          changes: Object.assign(feed, {
            register: async (leaseMs: number) => {
              newest = leaseMs;
            },
          }),
        };
      }),
      'settles no epoch': feeding((feed) => ({
        readMembers: async () => {
          const { settled: _, ...read } = await feed.readMembers();
          return read;
        },
      })),
    },
  },

  'a revocation resolves once no cache can answer by what stood before': {
    checks: [
      'the barrier: waits for a member until it acknowledges',
      'the barrier: waits for a member that does not acknowledge, until its lease expires',
      'the barrier: waits even if the key is already revoked',
      'the barrier: does not wait without a member',
    ],
    broken: {
      'hides its members': feeding((feed) => ({
        readMembers: async () => ({ ...(await feed.readMembers()), members: [] }),
      })),
      'forgets acknowledgements': feeding((feed) => ({
        acknowledge: async (holder) => feed.acknowledge(holder, 0),
      })),
      'prunes nobody': feeding(() => ({ prune: async () => {} })),
      'has a member that nobody knows': feeding((feed) => ({
        readMembers: async () => ({
          ...(await feed.readMembers()),
          members: [{ holder: 'nobody', acked: -1 }],
        }),
      })),
    },
  },
};
