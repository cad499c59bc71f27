import { KeywrightError } from 'keywright';
import { storedKey } from 'keywright/testing';
import {
  changedKey,
  keyEvent,
  replacedKey,
  rotationEvent,
  rotationRefusal,
  successorKey,
} from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant, type Parts, pause } from './mutant.ts';

/** A rotation whose refusal is decided before others go on. */
const rotateAfterLooking =
  ({ tables }: Parts): Parts['inner']['rotate'] =>
  async (ref, successor, trace) => {
    const key = tables.find(ref);
    if (key === undefined) return undefined;
    const current = key.replacedBy === undefined ? undefined : tables.find({ id: key.replacedBy });
    const refused = rotationRefusal(key, current, successor, trace.at);
    await pause();
    if (refused !== undefined) return { refused };
    const added = tables.replace(successorKey(key, current, successor, trace));
    const replaced = tables.replace(replacedKey(key, successor, trace));
    append(tables, key.owner, rotationEvent(key, successor, trace));
    return { key: added, replaced };
  };

export const raceMutants: Mutants = {
  'creates after it has looked for the digest': mutant(
    {
      races: [
        'of creations with one digest have one winner',
        'of creations with one id have one winner',
      ],
    },
    ({ tables }) => ({
      create: async (key, trace) => {
        tables.assertFree(key);
        await pause();
        tables.put(key);
        append(tables, key.owner, keyEvent('key.created', key, trace));
      },
    }),
  ),

  'rotates after it has looked for the digest': mutant(
    { races: ['of rotations to one digest have one winner'] },
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) => {
        if (tables.byDigest.has(successor.digest))
          throw new KeywrightError('digest_taken', 'taken');
        await pause();
        const { digest } = storedKey();
        const outcome = await inner.rotate(ref, { ...successor, digest }, trace);
        const added = tables.find({ id: successor.id });
        if (added) tables.replace({ ...added, digest: successor.digest });
        return outcome;
      },
    }),
  ),

  'reads, merges and writes on update': mutant(
    {
      races: [
        'of updates of different fields and a note of usage keep them all',
        'of an update against a revocation never bring the key back',
      ],
    },
    ({ tables }) => ({
      update: async (ref, change, trace) => {
        const key = tables.find(ref);
        if (key === undefined) return undefined;
        if (key.revokedAt !== undefined) return { refused: 'revoked' };
        await pause();
        append(tables, key.owner, keyEvent('key.updated', key, trace, { change }));
        return { key: tables.replace(changedKey(key, change)) };
      },
    }),
  ),

  'tells of an update by the name that it read before': mutant(
    { races: ['of updates of one field leave the last value of the log'] },
    ({ inner, tables }) => ({
      update: async (ref, change, trace) => {
        const { name } = tables.find(ref) ?? storedKey();
        await pause();
        const outcome = await inner.update(ref, change, trace);
        const newest = tables.eventsOf(tables.find(ref)?.owner ?? '').at(-1);
        if (newest) tables.replaceEvent({ ...newest, keyName: name });
        return outcome;
      },
    }),
  ),

  'writes usage over a revocation': mutant(
    {
      races: [
        'of notes of usage against a revocation never bring the key back',
        'of notes of usage of many keys in any order keep the latest of each',
      ],
    },
    ({ tables }) => ({
      recordUsage: async (usage) => {
        for (const [id, at] of usage) {
          const key = tables.find({ id });
          await pause();
          if (key && at > (key.lastUsedAt ?? 0)) tables.replace({ ...key, lastUsedAt: at });
        }
      },
    }),
  ),

  'looks which keys to revoke before others revoke them': mutant(
    {
      races: [
        'of revocations of all keys and of each leave one event a key',
        'of a revocation of all keys against rotations leave no key alive',
      ],
    },
    ({ tables }) => ({
      revokeAll: async (owner, trace) => {
        const keys = tables.keysOf(owner).filter((key) => key.revokedAt === undefined);
        await pause();
        for (const key of keys) tables.replace({ ...key, revokedAt: trace.at });
        append(tables, owner, ...keys.map((key) => keyEvent('key.revoked', key, trace)));
        return keys.length;
      },
    }),
  ),

  'counts the events to erase before others erase them': mutant(
    { races: ['of erasures of one actor count each event once'] },
    ({ inner, tables }) => ({
      eraseActor: async (owner, actorId, trace) => {
        const events = tables.eventsOf(owner).filter(({ actor }) => actor.id === actorId);
        await pause();
        await inner.eraseActor(owner, actorId, trace);
        return events.length;
      },
    }),
  ),

  'decides on a rotation before others go on': mutant(
    {
      'races of rotation': [
        'of rotations have one winner',
        'of rotations and revocations end revoked, with at most one successor',
        'of rotations and revocations of the successor have one successor alive',
      ],
    },
    (parts) => ({ rotate: rotateAfterLooking(parts) }),
  ),

  'seals events before others add theirs': mutant(
    {
      'races of rotation': [
        'of changes of many keys of one owner keep its chain whole',
        'of changes of many owners keep every chain whole',
      ],
    },
    ({ tables }) => ({
      create: async (key, trace) => {
        const sealed = tables.seal(key.owner, [keyEvent('key.created', key, trace)]);
        await pause();
        tables.put(key);
        tables.append(sealed);
      },
    }),
  ),
};
