import { KeywrightError } from 'keywright';
import { storedKey } from 'keywright/testing';
import { keyEvent } from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant } from './mutant.ts';

export const usageMutants: Mutants = {
  'leaves an event of usage': mutant(
    { recordUsage: ['notes when keys were last used, and changes nothing else'] },
    ({ inner, tables }) => ({
      recordUsage: async (usage) => {
        await inner.recordUsage(usage);
        for (const [id, at] of usage) {
          const key = tables.find({ id });
          const actor = { id: 'usage' };
          if (key) append(tables, key.owner, keyEvent('key.updated', key, { at, actor }));
        }
      },
    }),
  ),

  'goes backward': mutant(
    { recordUsage: ['goes forward only', 'goes forward for each key of a batch by itself'] },
    ({ tables }) => ({
      recordUsage: async (usage) => {
        for (const [id, lastUsedAt] of usage) {
          const key = tables.find({ id });
          if (key) tables.replace({ ...key, lastUsedAt });
        }
      },
    }),
  ),

  'goes forward only where all keys of a batch do': mutant(
    { recordUsage: ['goes forward for each key of a batch by itself'] },
    ({ inner, tables }) => ({
      recordUsage: async (usage) => {
        const forward = [...usage].every(([id, at]) => at > (tables.find({ id })?.lastUsedAt ?? 0));
        if (forward) await inner.recordUsage(usage);
      },
    }),
  ),

  'rejects unknown ids': mutant(
    { recordUsage: ['passes over unknown ids'] },
    ({ inner, tables }) => ({
      recordUsage: async (usage) => {
        for (const id of usage.keys()) if (!tables.find({ id })) throw new Error('unknown');
        await inner.recordUsage(usage);
      },
    }),
  ),

  'stops at an unknown id': mutant(
    { recordUsage: ['passes over unknown ids'] },
    ({ inner, tables }) => ({
      recordUsage: async (usage) => {
        for (const [id, at] of usage) {
          if (!tables.find({ id })) return;
          await inner.recordUsage(new Map([[id, at]]));
        }
      },
    }),
  ),

  'rejects an empty batch': mutant(
    { recordUsage: ['does nothing with an empty batch'] },
    ({ inner }) => ({
      recordUsage: async (usage) => {
        if (usage.size === 0) throw new Error('syntax error at or near ")"');
        await inner.recordUsage(usage);
      },
    }),
  ),

  'takes 500 of a batch': mutant({ recordUsage: ['takes a batch of 1,000'] }, ({ inner }) => ({
    recordUsage: (usage) => inner.recordUsage(new Map([...usage].slice(0, 500))),
  })),

  'passes over revoked keys, whose use is lost': mutant(
    { recordUsage: ['never brings a revoked key back'] },
    ({ inner, tables }) => ({
      recordUsage: (usage) =>
        inner.recordUsage(
          new Map([...usage].filter(([id]) => tables.find({ id })?.revokedAt === undefined)),
        ),
    }),
  ),

  'brings a revoked key back by its use': mutant(
    { recordUsage: ['never brings a revoked key back'] },
    ({ inner, tables }) => ({
      recordUsage: async (usage) => {
        await inner.recordUsage(usage);
        for (const id of usage.keys()) {
          const { revokedAt, ...key } = tables.find({ id }) ?? storedKey();
          if (revokedAt !== undefined) tables.replace(key);
        }
      },
    }),
  ),
};

export const upgradeMutants: Mutants = {
  'keeps the old digest beside the new one': mutant(
    { upgradeDigest: ['replaces the digest, and changes nothing else', 'frees the old digest'] },
    ({ inner, tables }) => ({
      upgradeDigest: async (id, from, to) => {
        const key = tables.find({ id });
        const done = await inner.upgradeDigest(id, from, to);
        if (done && key) tables.byDigest.set(from, key);
        return done;
      },
    }),
  ),

  'does not look at the digest of before': mutant(
    {
      upgradeDigest: [
        'does nothing where the key has another digest or is unknown',
        'applies once to the digest of before',
      ],
    },
    ({ inner, tables }) => ({
      upgradeDigest: (id, from, to) =>
        inner.upgradeDigest(id, tables.find({ id })?.digest ?? from, to),
    }),
  ),

  'answers false for a taken digest': mutant(
    { upgradeDigest: ['rejects a taken digest and leaves everything as it was'] },
    ({ inner }) => ({
      upgradeDigest: (id, from, to) => inner.upgradeDigest(id, from, to).catch(() => false),
    }),
  ),

  'takes a digest from another key': mutant(
    { upgradeDigest: ['rejects a taken digest and leaves everything as it was'] },
    ({ inner, tables }) => ({
      upgradeDigest: async (id, from, to) => {
        const taken = tables.byDigest.get(to);
        if (taken) tables.changeDigest(taken, storedKey().digest);
        await inner.upgradeDigest(id, from, to);
        throw new KeywrightError('digest_taken', 'taken');
      },
    }),
  ),
};
