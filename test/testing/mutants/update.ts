import { storedKey } from 'keywright/testing';
import { keyEvent } from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant, retelling, unsealed } from './mutant.ts';

export const updateMutants: Mutants = {
  'does not write metadata': mutant(
    { update: ['changes each field and no other', 'changes all fields at once'] },
    ({ inner }) => ({
      update: (ref, { metadata: _, ...change }, trace) => inner.update(ref, change, trace),
    }),
  ),

  'enables a key whenever it is changed': mutant(
    { update: ['changes each field and no other', 'applies to an expired and to a disabled key'] },
    ({ inner }) => ({
      update: (ref, change, trace) => inner.update(ref, { enabled: true, ...change }, trace),
    }),
  ),

  'merges metadata': mutant(
    { update: ['changes each field and no other', 'changes all fields at once'] },
    ({ inner, tables }) => ({
      update: (ref, change, trace) => {
        const metadata = { ...tables.find(ref)?.metadata, ...change.metadata };
        return inner.update(ref, { ...change, metadata }, trace);
      },
    }),
  ),

  'gives no expiry to a key without one': mutant(
    { update: ['gives an expiry to a key without one'] },
    ({ inner, tables }) => ({
      update: (ref, { expiresAt, ...change }, trace) => {
        const keeps = tables.find(ref)?.expiresAt === undefined || expiresAt === undefined;
        return inner.update(ref, keeps ? change : { ...change, expiresAt }, trace);
      },
    }),
  ),

  'takes an expiry of null for none given': mutant(
    { update: ['takes the expiry away with null'] },
    ({ inner }) => ({
      update: (ref, { expiresAt, ...change }, trace) =>
        inner.update(ref, { ...change, ...(expiresAt ? { expiresAt } : {}) }, trace),
    }),
  ),

  'tells of an update by the new name': mutant(
    { update: ['leaves one event with the new values and the name of before'] },
    (parts) =>
      retelling(parts, ({ keyName, ...event }) => ({
        ...unsealed(event as never),
        keyName: event.change?.name ?? keyName ?? '',
      })),
  ),

  'leaves expiresAt out of the event': mutant(
    { update: ['leaves one event with the new values and the name of before'] },
    (parts) =>
      retelling(parts, (event) => {
        const { expiresAt: _, ...change } = event.change ?? {};
        return { ...unsealed(event), ...(event.change && { change }) };
      }),
  ),

  'leaves no event where nothing changes': mutant(
    { update: ['leaves an event though the values are the same'] },
    ({ inner, tables }) => ({
      update: async (ref, change, trace) => {
        const key = tables.find(ref);
        return key && change.name === key.name ? { key } : inner.update(ref, change, trace);
      },
    }),
  ),

  'refuses disabled keys': mutant(
    { update: ['applies to an expired and to a disabled key'] },
    ({ inner, tables }) => ({
      update: async (ref, change, trace) =>
        tables.find(ref)?.enabled === false
          ? { refused: 'revoked' }
          : inner.update(ref, change, trace),
    }),
  ),

  'brings a revoked key back': mutant(
    { update: ['refuses a revoked key, which stays as it is without an event'] },
    ({ inner, tables }) => ({
      update: (ref, change, trace) => {
        const { revokedAt, ...key } = tables.find(ref) ?? storedKey();
        if (revokedAt !== undefined) tables.replace(key);
        return inner.update(ref, change, trace);
      },
    }),
  ),

  'leaves an event of an update that it refuses': mutant(
    { update: ['refuses a revoked key, which stays as it is without an event'] },
    ({ inner, tables }) => ({
      update: async (ref, change, trace) => {
        const outcome = await inner.update(ref, change, trace);
        const key = tables.find(ref);
        if (key && outcome && 'refused' in outcome) {
          append(tables, key.owner, keyEvent('key.updated', key, trace, { change }));
        }
        return outcome;
      },
    }),
  ),

  'takes a revocation at the time 0 for none': mutant(
    { update: ['refuses a key that was revoked at the time 0'] },
    ({ inner, tables }) => ({
      update: async (ref, change, trace) => {
        const key = tables.find(ref);
        if (key?.revokedAt !== 0) return inner.update(ref, change, trace);
        return { key: tables.replace({ ...key, ...change } as never) };
      },
    }),
  ),
};
