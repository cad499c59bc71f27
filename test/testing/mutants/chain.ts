import { storedKey } from 'keywright/testing';
import { EMPTY_HEAD } from '../../../src/digest/chain.ts';
import { changedKey, keyEvent, rotationEvent } from '../../../src/stores/transition.ts';
import { append, type Mutants, mutant, retelling, unsealed } from './mutant.ts';

const claims = (...chain: string[]) => ({ 'the chain': chain });

export const chainMutants: Mutants = {
  'keeps a head that is one event behind': mutant(
    claims('begins with sequence 1 and links every event to the one before'),
    ({ inner, tables }) => ({
      head: async (owner) => {
        const events = tables.eventsOf(owner);
        const before = events.at(-2);
        if (events.length < 3 || !before) return inner.head(owner);
        return { sequence: before.sequence, digest: before.id };
      },
    }),
  ),

  'counts sequences from 0': mutant(
    claims('begins with sequence 1 and links every event to the one before'),
    ({ inner }) => ({
      readChain: async (...range) =>
        (await inner.readChain(...range)).map((event) => ({
          ...event,
          sequence: event.sequence - 1,
        })),
    }),
  ),

  'has one salt for all events': mutant(
    claims('has a salt of its own in each event'),
    ({ inner }) => ({
      readChain: async (...range) =>
        (await inner.readChain(...range)).map((event) => ({ ...event, salt: 'x'.repeat(22) })),
    }),
  ),

  'links events by nothing but their order': mutant(
    claims('begins with sequence 1 and links every event to the one before'),
    ({ tables }) => ({
      create: async (key, trace) => {
        tables.put(key);
        const sealed = tables.seal(key.owner, [keyEvent('key.created', key, trace)]);
        const previous = { ...EMPTY_HEAD, sequence: (sealed[0]?.sequence ?? 1) - 1 };
        tables.append(sealed.map((event) => ({ ...event, id: previous.digest })));
      },
    }),
  ),

  'trims the reasons': mutant(claims('holds whatever an event can hold'), (parts) =>
    retelling(parts, (event) => ({
      ...unsealed(event),
      ...(event.reason && { reason: event.reason.trim() }),
    })),
  ),

  'alters the reasons after they are sealed': mutant(
    claims('holds whatever an event can hold'),
    ({ inner }) => ({
      readChain: async (...range) =>
        (await inner.readChain(...range)).map((event) =>
          event.reason === undefined ? event : { ...event, reason: event.reason.normalize('NFC') },
        ),
    }),
  ),

  'keeps times of events in 32 bits': mutant(
    claims('holds times from zero to the largest safe integer'),
    (parts) => retelling(parts, (event) => ({ ...unsealed(event), at: event.at >>> 0 })),
  ),

  'has one chain for all owners': mutant(
    claims('of one owner stands apart from those of others'),
    ({ inner, tables }) => ({
      create: async (key, trace) => {
        tables.put(key);
        append(tables, 'all', keyEvent('key.created', { ...key, owner: 'all' }, trace));
      },
      readChain: (_, after, limit) => inner.readChain('all', after, limit),
      head: () => inner.head('all'),
    }),
  ),

  'reads the chain from a sequence on, not after it': mutant(
    claims('is read after a sequence, up to a limit'),
    ({ inner }) => ({
      readChain: (owner, after, limit) => inner.readChain(owner, Math.max(after - 1, 0), limit),
    }),
  ),

  'reads 100 events at most': mutant(claims('is read 500 events at a time'), ({ inner }) => ({
    readChain: (owner, after, limit) => inner.readChain(owner, after, Math.min(limit, 100)),
  })),

  'writes a change before its event': mutant(
    claims('and the change that it tells are written together or not at all'),
    ({ inner, tables }) => ({
      update: async (ref, change, trace) => {
        const key = tables.find(ref);
        if (key) tables.replace(changedKey(key, change));
        return inner.update(ref, change, trace);
      },
    }),
  ),

  'writes a key before its event': mutant(
    claims('and the change that it tells are written together or not at all'),
    ({ tables }) => ({
      create: async (key, trace) => {
        tables.put(key);
        append(tables, key.owner, keyEvent('key.created', key, trace));
      },
    }),
  ),

  'writes a change though its event cannot be written': mutant(
    claims('and the change that it tells are written together or not at all'),
    ({ inner, tables }) => ({
      revoke: async (ref, trace) => {
        try {
          return await inner.revoke(ref, trace);
        } catch {
          const key = tables.find(ref) ?? storedKey();
          return tables.replace({ ...key, revokedAt: trace.at });
        }
      },
    }),
  ),

  'leaves the event of a rotation that it rejects': mutant(
    claims('grows by nothing for a change that is rejected'),
    ({ inner, tables }) => ({
      rotate: async (ref, successor, trace) => {
        const key = tables.find(ref);
        if (key && tables.find({ id: successor.id })) {
          append(tables, key.owner, rotationEvent(key, successor, trace));
        }
        return inner.rotate(ref, successor, trace);
      },
    }),
  ),
};
