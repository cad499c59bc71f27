import { KeywrightError } from 'keywright';
import { storedKey } from 'keywright/testing';
import { keyEvent } from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant } from './mutant.ts';

const taken = () => new KeywrightError('digest_taken', 'taken');

export const createMutants: Mutants = {
  'remembers that a digest was absent': mutant(
    { create: ['is seen by every read that begins after it'] },
    ({ inner }) => {
      const absent = new Set<string>();
      return {
        findByDigest: async (digest) => {
          const key = absent.has(digest) ? undefined : await inner.findByDigest(digest);
          if (key === undefined) absent.add(digest);
          return key;
        },
      };
    },
  ),

  'loses the event of a creation': mutant(
    { create: ['leaves one event', 'leaves an event without a reason where none was given'] },
    ({ tables }) => ({
      create: async (key) => {
        tables.assertFree(key);
        tables.put(key);
      },
    }),
  ),

  'doubles the event of a creation': mutant(
    { create: ['leaves one event'] },
    ({ inner, tables }) => ({
      create: async (key, trace) => {
        await inner.create(key, trace);
        append(tables, key.owner, keyEvent('key.created', key, trace));
      },
    }),
  ),

  'puts an empty reason where there is none': mutant(
    { create: ['leaves an event without a reason where none was given'] },
    ({ inner }) => ({
      create: (key, trace) => inner.create(key, { ...trace, reason: trace.reason ?? '' }),
    }),
  ),

  'takes who created the key from it, and not from the trace': mutant(
    { create: ['leaves one event'] },
    ({ inner }) => ({
      create: (key, trace) => inner.create(key, { ...trace, actor: key.createdBy }),
    }),
  ),

  'overwrites a key with the same digest': mutant(
    {
      create: [
        'rejects a taken digest and leaves everything as it was',
        "rejects what another owner's key has",
        'rejects what a revoked key had',
      ],
    },
    ({ inner, tables }) => ({
      create: async (key, trace) => {
        const taken = tables.byDigest.get(key.digest);
        if (taken) tables.changeDigest(taken, storedKey().digest);
        await inner.create(key, trace);
      },
    }),
  ),

  'rejects a taken digest with an error of its own': mutant(
    { create: ['rejects a taken digest and leaves everything as it was'] },
    ({ inner }) => ({
      create: (key, trace) =>
        inner.create(key, trace).catch(() => {
          throw Object.assign(new Error('unique violation'), { code: '23505' });
        }),
    }),
  ),

  'overwrites a key with the same id': mutant(
    { create: ['rejects a taken id and leaves everything as it was'] },
    ({ inner, tables }) => ({
      create: async (key, trace) => {
        const existing = tables.find(key);
        if (existing) tables.replace({ ...existing, ...key });
        else await inner.create(key, trace);
      },
    }),
  ),

  'leaves the event of a creation that it rejects': mutant(
    { create: ['rejects a taken id and leaves everything as it was'] },
    ({ inner, tables }) => ({
      create: async (key, trace) => {
        if (tables.find({ id: key.id })) {
          append(tables, key.owner, keyEvent('key.created', key, trace));
        }
        await inner.create(key, trace);
      },
    }),
  ),

  'tells digests apart within an owner alone': mutant(
    { create: ["rejects what another owner's key has"] },
    ({ inner, tables }) => ({
      create: async (key, trace) => {
        const other = tables.byDigest.get(key.digest);
        if (other && other.owner !== key.owner) tables.changeDigest(other, storedKey().digest);
        await inner.create(key, trace);
      },
    }),
  ),

  'frees the digests of revoked keys': mutant(
    { create: ['rejects what a revoked key had'] },
    ({ inner, tables }) => ({
      create: async (key, trace) => {
        const other = tables.byDigest.get(key.digest);
        if (other?.revokedAt !== undefined) tables.changeDigest(other, storedKey().digest);
        await inner.create(key, trace);
      },
    }),
  ),

  'keeps the digest and id of a creation that it rejected': mutant(
    { create: ['succeeds with an id and a digest that a rejected one brought'] },
    ({ inner }) => {
      const seen = new Set<string>();
      return {
        create: async (key, trace) => {
          const repeated = seen.has(key.digest) || seen.has(key.id);
          seen.add(key.digest).add(key.id);
          if (repeated) throw taken();
          await inner.create(key, trace);
        },
      };
    },
  ),
};
