import type { ChainHead, StoredKey } from 'keywright';
import type { Change, CommitResult } from 'keywright/store-kit';
import { storedKey } from 'keywright/testing';
import { broken, committing, type Parts, type Promises, viewing } from '../fixtures/broken.ts';

/** Commits as if the head were the present one. */
function onPresent({ inner }: Parts, isForgiven: (head: ChainHead, given: ChainHead) => boolean) {
  return async (change: Change): Promise<CommitResult> => {
    const head = await inner.head(change.owner);
    return inner.commit(isForgiven(head, change.head) ? { ...change, head } : change);
  };
}

/** Moves an added key out of the way of the digest or id that it has taken. */
function stealing(what: 'id' | 'digest') {
  return broken(({ inner }) => ({
    commit: async (change) => {
      const result = await inner.commit(change);
      if (result.status !== 'digest_taken') return result;
      const added = change.added.map((key) => ({ ...key, [what]: storedKey()[what] }));
      return inner.commit({ ...change, added });
    },
  }));
}

/** What a commit promises. */
export const commitPromises: Promises = {
  'a commit writes the whole change, and every later read sees it': {
    checks: [
      'commit: writes keys, events and head, which every later read sees',
      'commit: changes each field, and no other',
      'commit: adds fields to a key, and removes them',
      'commit: writes a key that does not differ',
      'commit: writes events without keys',
      'commit: replaces a digest without an event',
      'commit: replaces events by their erased form',
      "commit: does not change other owners' data",
      'commit: writes thousands of rows',
    ],
    broken: {
      'remembers that a digest was absent': broken(({ inner }) => {
        const absent = new Set<string>();
        return {
          findByDigest: async (digest) => {
            const key = absent.has(digest) ? undefined : await inner.findByDigest(digest);
            if (key === undefined) absent.add(digest);
            return key;
          },
        };
      }),
      'adds the first key alone': committing((change) => ({
        ...change,
        added: change.added.slice(0, 1),
      })),
      'shows a head that is one event behind': viewing((view) => ({
        ...view,
        head: { ...view.head, sequence: Math.max(view.head.sequence - 1, 0) },
      })),
      'writes no empty scopes': committing((change) => ({
        ...change,
        changed: change.changed.map(({ before, after }) => ({
          before,
          after: after.scopes.length > 0 ? after : { ...after, scopes: before.scopes },
        })),
      })),
      'takes no field away': committing((change) => ({
        ...change,
        changed: change.changed.map(({ before, after }) => ({
          before,
          after: { ...before, ...after },
        })),
      })),
      'rejects a key that does not differ': broken(({ inner }) => ({
        commit: async (change) => {
          const isSame = ({ before, after }: { before: StoredKey; after: StoredKey }) =>
            JSON.stringify(before) === JSON.stringify(after);
          if (change.changed.some(isSame)) throw new Error('syntax error at or near "WHERE"');
          return inner.commit(change);
        },
      })),
      'writes no events without keys': broken(({ inner }) => ({
        commit: async (change) =>
          change.added.length + change.changed.length > 0
            ? inner.commit(change)
            : { status: 'committed', watchedMs: 0 },
      })),
      'keeps the former digest beside the new one': broken(({ inner, tables }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          for (const { before } of change.changed) {
            const key = tables.find({ id: before.id });
            if (key) tables.byDigest.set(before.digest, key);
          }
          return result;
        },
      })),
      'erases no events': committing((change) => ({ ...change, erased: [] })),
      "changes the keys of an owner's namesakes": broken(({ inner, tables }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          const { revokedAt } = change.changed[0]?.after ?? {};
          const theirs = revokedAt === undefined ? [] : tables.keysOf(`${change.owner}_2`);
          for (const key of theirs) tables.put({ ...key, revokedAt: revokedAt as number });
          return result;
        },
      })),
      'writes a thousand rows at most': committing((change) => ({
        ...change,
        changed: change.changed.slice(0, 1000),
      })),
    },
  },

  'a commit that is not made writes nothing, and says why': {
    checks: [
      'refused commit: is stale on any head but the current one',
      'refused commit: is stale on a head for an owner without events',
      'refused commit: is stale if the digest of the key has changed',
      'refused commit: finds the digest or the id of an added key taken',
      'refused commit: finds the digest of a changed key taken',
      'refused commit: leaves its ids and digests free',
      'refused commit: writes nothing of a change that cannot be written',
      'refused commit: writes none of thousands of rows',
    ],
    broken: {
      'compares the digest of the head alone': broken((parts) => ({
        commit: onPresent(parts, (head, given) => head.digest === given.digest),
      })),
      'compares the sequence of the head alone': broken((parts) => ({
        commit: onPresent(parts, (head, given) => head.sequence === given.sequence),
      })),
      'takes any head for the first event': broken((parts) => ({
        commit: onPresent(parts, (head) => head.sequence === 0),
      })),
      'writes the second factor of a stale change': broken(({ inner }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          if (result.status === 'stale' && change.factor && result.head) {
            const nothing = { added: [], changed: [], erased: [], purged: [], events: [] };
            await inner.commit({ ...change, ...nothing, head: result.head });
          }
          return result;
        },
      })),
      'reports the head of the change as the present one': broken(({ inner }) => ({
        commit: async (change) => {
          const result = await inner.commit(change);
          return result.status === 'stale' ? { ...result, head: change.head } : result;
        },
      })),
      'does not compare the digest of a changed key': broken(({ inner, tables }) => ({
        commit: (change) => {
          const changed = change.changed.map(({ before, after }) => {
            const digest = tables.find({ id: before.id })?.digest ?? before.digest;
            return { before: { ...before, digest }, after };
          });
          return inner.commit({ ...change, changed });
        },
      })),
      'draws another digest where it is taken': stealing('digest'),
      'draws another id where it is taken': stealing('id'),
      'takes the digest of a changed key from another': broken(({ inner, tables }) => ({
        commit: async (change) => {
          for (const { before, after } of change.changed) {
            const taken = tables.byDigest.get(after.digest);
            if (taken && taken.id !== before.id) {
              tables.put({ ...taken, digest: storedKey().digest });
            }
          }
          return inner.commit(change);
        },
      })),
      'keeps the digest of a key that it did not add': broken(({ inner, tables }) => {
        const brought = new Set<string>();
        return {
          commit: async (change) => {
            if (change.added.some(({ digest }) => brought.has(digest))) {
              return { status: 'digest_taken' };
            }
            const result = await inner.commit(change);
            if (result.status !== 'committed') {
              for (const { digest } of change.added) {
                if (!tables.byDigest.has(digest)) brought.add(digest);
              }
            }
            return result;
          },
        };
      }),
      'writes keys before their events': broken(({ inner, tables }) => ({
        commit: async (change) => {
          const result = inner.commit(change);
          await result.catch(() => {
            for (const { after } of change.changed) tables.put(after);
          });
          return result;
        },
      })),
      'writes thousands of rows by and by': broken(({ inner }) => ({
        commit: async (change) => {
          if (change.added.length < 1000) return inner.commit(change);
          const half = { added: change.added.slice(0, 1000), events: change.events.slice(0, 1000) };
          await inner.commit({ ...change, ...half });
          return inner.commit(change);
        },
      })),
    },
  },
};
