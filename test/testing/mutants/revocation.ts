import { storedKey } from 'keywright/testing';
import { keyEvent } from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant } from './mutant.ts';

export const revokeMutants: Mutants = {
  'gives the key as it was before the revocation': mutant(
    { revoke: ['gives the key as it now is, and so does every read after it'] },
    ({ inner, tables }) => ({
      revoke: async (ref, trace) => {
        const key = tables.find(ref);
        await inner.revoke(ref, trace);
        return key;
      },
    }),
  ),

  'disables a key for revoking it': mutant(
    { revoke: ['gives the key as it now is, and so does every read after it'] },
    ({ inner, tables }) => ({
      revoke: async (ref, trace) => {
        const key = await inner.revoke(ref, trace);
        return key && tables.replace({ ...key, enabled: false });
      },
    }),
  ),

  'loses the reason of a revocation': mutant({ revoke: ['leaves one event'] }, ({ inner }) => ({
    revoke: (ref, { reason: _, ...trace }) => inner.revoke(ref, trace),
  })),

  'revokes a key again': mutant(
    { revoke: ['done again changes nothing and leaves no event'] },
    ({ inner, tables }) => ({
      revoke: async (ref, trace) => {
        const { revokedAt, ...key } = tables.find(ref) ?? storedKey();
        if (revokedAt !== undefined) tables.replace(key);
        return inner.revoke(ref, trace);
      },
    }),
  ),

  'leaves an event each time a key is revoked': mutant(
    { revoke: ['done again changes nothing and leaves no event'] },
    ({ inner, tables }) => ({
      revoke: async (ref, trace) => {
        const key = tables.find(ref);
        if (key?.revokedAt !== undefined) {
          append(tables, key.owner, keyEvent('key.revoked', key, trace));
        }
        return inner.revoke(ref, trace);
      },
    }),
  ),

  'revokes no disabled key': mutant(
    { revoke: ['applies to an expired and to a disabled key'] },
    ({ inner, tables }) => ({
      revoke: async (ref, trace) => {
        const key = tables.find(ref);
        return key?.enabled === false ? key : inner.revoke(ref, trace);
      },
    }),
  ),

  'revokes all keys of the owner for one': mutant(
    { revoke: ['of one key leaves the others as they were'] },
    ({ inner }) => ({
      revoke: async (ref, trace) => {
        const key = await inner.find(ref);
        if (key) await inner.revokeAll(key.owner, trace);
        return inner.find(ref);
      },
    }),
  ),
};

export const revokeAllMutants: Mutants = {
  'counts all keys for those it revoked': mutant(
    { revokeAll: ['passes over keys that are revoked already'] },
    ({ inner, tables }) => ({
      revokeAll: async (owner, trace) => {
        await inner.revokeAll(owner, trace);
        return tables.keysOf(owner).length;
      },
    }),
  ),

  'passes over disabled keys': mutant(
    { revokeAll: ['revokes every key of the owner and tells how many'] },
    ({ inner, tables }) => ({
      revokeAll: async (owner, trace) => {
        const keys = tables.keysOf(owner).filter(({ enabled }) => enabled);
        for (const key of keys) await inner.revoke({ id: key.id }, trace);
        return keys.length;
      },
    }),
  ),

  'passes over successors': mutant(
    { revokeAll: ['revokes successors too'] },
    ({ inner, tables }) => ({
      revokeAll: async (owner, trace) => {
        const keys = tables.keysOf(owner).filter(({ replaces }) => replaces === undefined);
        for (const key of keys) await inner.revoke({ id: key.id }, trace);
        return keys.length;
      },
    }),
  ),

  'leaves one event for all keys': mutant(
    { revokeAll: ['leaves one event for each key'] },
    ({ tables }) => ({
      revokeAll: async (owner, trace) => {
        const keys = tables.keysOf(owner);
        for (const key of keys) tables.replace({ ...key, revokedAt: trace.at });
        const [first] = keys;
        if (first) append(tables, owner, keyEvent('key.revoked', first, trace));
        return keys.length;
      },
    }),
  ),

  'revokes revoked keys again': mutant(
    {
      revokeAll: [
        'passes over keys that are revoked already',
        'done again changes nothing and leaves no event',
      ],
    },
    ({ inner, tables }) => ({
      revokeAll: (owner, trace) => {
        for (const { revokedAt: _, ...key } of tables.keysOf(owner)) tables.replace(key);
        return inner.revokeAll(owner, trace);
      },
    }),
  ),

  'revokes the keys of other owners': mutant(
    { revokeAll: ["leaves other owners' keys as they were"] },
    ({ inner, tables }) => ({
      revokeAll: async (owner, trace) => {
        for (const { id } of [...tables.byDigest.values()]) await inner.revoke({ id }, trace);
        return tables.keysOf(owner).length;
      },
    }),
  ),

  'revokes a page of keys': mutant(
    { revokeAll: ['revokes more keys than a page has'] },
    ({ inner }) => ({
      revokeAll: async (owner, trace) => {
        const { items } = await inner.list({ owner, limit: 100, now: trace.at, state: 'active' });
        for (const { id } of items) await inner.revoke({ id }, trace);
        return items.length;
      },
    }),
  ),
};
