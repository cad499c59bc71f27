import { KeywrightError } from 'keywright';
import { broken, type Promises, pause } from '../fixtures/broken.ts';

/** What stores promise of changes at the same time. */
export const racePromises: Promises = {
  'changes of services on several handles follow each other': {
    checks: [
      'races: of creations with one digest have one winner',
      'races: of creations with one id have one winner',
      'races: of rotations have one winner',
      'races: of rotations and revocations end revoked, with at most one successor',
      'races: of updates of different fields and a recorded use keep them all',
      'races: of updates of one field leave the last value of the log',
      'races: of updates, uses and a revocation never make the key valid again',
      'races: of recorded uses of many keys keep the latest of each',
      'races: of a revocation of all keys against rotations leave none alive',
      'races: of erasures of one actor count each event once',
      'races: of upgrades of one digest have one winner',
      'races: of upgrades of digests and updates keep both',
      'races: of counters in a second factor lose nothing',
      'races: of a second factor and an erasure leave no earlier document',
      'races: of changes of many keys of many owners keep every chain whole',
    ],
    broken: {
      'compares the head before others go on': broken((parts) => ({
        commit: async (change) => {
          const head = await parts.inner.head(change.owner);
          if (head.digest !== change.head.digest) return { status: 'stale', head };
          await pause();
          return parts.inner.commit({ ...change, head: await parts.inner.head(change.owner) });
        },
      })),
      'looks for the digest before others go on': broken(({ inner, tables }) => ({
        commit: async (change) => {
          const [key] = change.added;
          if (key === undefined) return inner.commit(change);
          if (tables.byDigest.has(key.digest) || tables.find(key)) {
            return { status: 'digest_taken' };
          }
          await pause();
          const result = await inner.commit({ ...change, added: [] });
          if (result.status === 'committed') tables.put(key);
          return result;
        },
      })),
      'writes whole keys on a note of usage': broken(({ tables }) => ({
        recordUsage: async (usage) => {
          for (const [id, at] of usage) {
            const key = tables.find({ id });
            await pause();
            if (key && at > (key.lastUsedAt ?? 0)) tables.put({ ...key, lastUsedAt: at });
          }
        },
      })),
      'compares the digests of keys before others go on': broken(({ inner, tables }) => ({
        commit: async (change) => {
          const isStale = change.changed.some(
            ({ before }) => tables.find(before)?.digest !== before.digest,
          );
          if (isStale) return { status: 'stale' };
          await pause();
          const changed = change.changed.map(({ before, after }) => {
            const digest = tables.find(before)?.digest ?? before.digest;
            return { before: { ...before, digest }, after };
          });
          return inner.commit({ ...change, changed });
        },
      })),
      'puts a key in the place of one with its id': broken(({ inner, tables }) => ({
        commit: async (change) => {
          const [key] = change.added;
          if (key === undefined || !tables.find({ id: key.id })) return inner.commit(change);
          const result = await inner.commit({ ...change, added: [] });
          if (result.status === 'committed') tables.put(key);
          return result;
        },
      })),
      'writes back the digest that it read': broken(({ inner, tables }) => ({
        commit: async (change) => {
          await pause();
          const changed = change.changed.map(({ before, after }) => {
            const digest = tables.find({ id: before.id })?.digest ?? before.digest;
            return { before: { ...before, digest }, after };
          });
          return inner.commit({ ...change, changed });
        },
      })),
      'is never committed where others are faster': broken(({ inner }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          if (result.status === 'stale') throw new KeywrightError('digest_taken', 'lost');
          return result;
        },
      })),
    },
  },
};
