import type { FactorRef, FactorStore, Trace } from 'keywright';
import { memoryStore } from 'keywright';
import type { UnsealedEvent } from '../../../src/digest/chain.ts';
import { memoryFactors, placeOf } from '../../../src/stores/memory/factors.ts';
import { ownerEvent } from '../../../src/stores/transition.ts';
import { append, type Mutant, type Mutants, mutant, type Parts, pause } from './mutant.ts';

/** A store whose factors have a fault. */
function faulty(
  caughtBy: Mutant['caughtBy'],
  fault: (factors: FactorStore, parts: Parts) => Partial<FactorStore>,
): Mutant {
  return mutant(caughtBy, (parts) => {
    const factors = memoryFactors(parts.tables);
    return { factors: { ...factors, ...fault(factors, parts) } };
  });
}

/** The documents of others: those that `refOf` names. */
const elsewhere =
  (refOf: (ref: FactorRef) => FactorRef) =>
  (factors: FactorStore): FactorStore => ({
    read: (ref) => factors.read(refOf(ref)),
    write: (ref, change, trace) => factors.write(refOf(ref), change, trace),
  });

/** Values are kept as `kept` makes them. */
const keeping =
  (kept: (value: string) => string) =>
  (factors: FactorStore): Partial<FactorStore> => ({
    write: (ref, change, trace) => {
      const value = change.value === undefined ? undefined : kept(change.value);
      return factors.write(ref, { ...change, value }, trace);
    },
  });

/** A write that looks at the version, and has others go on before `commit` writes. */
const lookingFirst =
  (commit: (parts: Parts, ref: FactorRef, event: UnsealedEvent) => Promise<void>) =>
  (factors: FactorStore, parts: Parts): Partial<FactorStore> => ({
    async write(ref, { seen, value, action }, trace: Trace) {
      if ((await factors.read(ref))?.version !== seen) return false;
      await commit(parts, ref, ownerEvent(action, ref.owner, trace));
      const { sequence } = parts.tables.head(ref.owner);
      const { factors: kept } = parts.tables;
      if (value !== undefined) kept.set(placeOf(ref), { version: sequence, value });
      return true;
    },
  });

export const factorMutants: Mutants = {
  'has one factor for all actors of an owner': faulty(
    { factors: ['are absent before they are written, and for anybody else'] },
    elsewhere((ref) => ({ ...ref, actorId: 'one for all' })),
  ),

  'tells a factor of an actor whose id is the owner': faulty(
    { factors: ['are absent before they are written, and for anybody else'] },
    elsewhere(({ owner, actorId }) => {
      const [first = '', second = ''] = [owner, actorId].sort();
      return { owner: first, actorId: second };
    }),
  ),

  'tells no reason in the events of factors': faulty(
    { factors: ['leave one event each, whose sequence is their version'] },
    (factors) => ({
      write: (ref, change, { at, actor }) => factors.write(ref, change, { at, actor }),
    }),
  ),

  'tells of a factor twice': faulty(
    { factors: ['leave one event each, whose sequence is their version'] },
    (factors, { tables }) => ({
      async write(ref, change, trace) {
        const written = await factors.write(ref, change, trace);
        if (written) append(tables, ref.owner, ownerEvent(change.action, ref.owner, trace));
        return written;
      },
    }),
  ),

  'trims factors': faulty(
    { factors: ['hold hostile text verbatim'] },
    keeping((value) => value.trim()),
  ),

  'cuts long factors': faulty(
    { factors: ['hold the longest text that is allowed'] },
    keeping((value) => value.slice(0, 16_000)),
  ),

  'folds the actors of factors': faulty(
    { factors: ['are told apart byte for byte'] },
    elsewhere((ref) => ({ ...ref, actorId: ref.actorId.toLowerCase() })),
  ),

  'folds the owners of factors': faulty(
    { factors: ['are told apart byte for byte'] },
    elsewhere((ref) => ({ ...ref, owner: ref.owner.toLowerCase() })),
  ),

  'writes a factor whatever was seen': faulty(
    { factors: ['are written on the version that was seen, and on no other'] },
    (factors) => ({
      async write(ref, change, trace) {
        const seen = (await factors.read(ref))?.version;
        return factors.write(ref, { ...change, seen }, trace);
      },
    }),
  ),

  'takes nothing seen for anything seen': faulty(
    { factors: ['are written on the version that was seen, and on no other'] },
    (factors) => ({
      async write(ref, change, trace) {
        const seen = change.seen ?? (await factors.read(ref))?.version;
        return factors.write(ref, { ...change, seen }, trace);
      },
    }),
  ),

  'keeps an empty document of a factor that is taken away': faulty(
    { factors: ['are taken away, and no version comes again'] },
    (factors) => ({
      write: (ref, change, trace) =>
        factors.write(ref, { ...change, value: change.value ?? '' }, trace),
    }),
  ),

  'counts the versions of each factor anew': faulty(
    { factors: ['are taken away, and no version comes again'] },
    (factors, { tables }) => ({
      async write(ref, change, trace) {
        const before = (await factors.read(ref))?.version;
        const written = await factors.write(ref, change, trace);
        const { value } = change;
        if (!written || value === undefined) return written;
        tables.factors.set(placeOf(ref), { version: (before ?? 0) + 1, value });
        return true;
      },
    }),
  ),

  'leaves the factor of an erased actor': mutant(
    {
      factors: ['go with their actor when that is erased, and no others do'],
      'races of factors': ['of a write and an erasure leave no document of before'],
    },
    ({ inner, tables }) => ({
      async eraseActor(owner, actorId, trace) {
        const kept = [...tables.factors];
        const erased = await inner.eraseActor(owner, actorId, trace);
        for (const [place, document] of kept) tables.factors.set(place, document);
        return erased;
      },
    }),
  ),

  'erases the factors of all actors': mutant(
    { factors: ['go with their actor when that is erased, and no others do'] },
    ({ inner, tables }) => ({
      eraseActor(owner, actorId, trace) {
        tables.factors.clear();
        return inner.eraseActor(owner, actorId, trace);
      },
    }),
  ),

  'hands out the document that it keeps': faulty(
    { factors: ['keep nothing that they were given, and give nothing that can be changed'] },
    (_factors, { tables }) => ({
      async read(ref) {
        const document = tables.factors.get(placeOf(ref));
        if (document === undefined) return undefined;
        const open = { ...document };
        tables.factors.set(placeOf(ref), open);
        return open;
      },
    }),
  ),

  'compares the version of a factor before a pause': faulty(
    {
      'races of factors': [
        'of first writes have one winner',
        'of writes on one version have one winner',
        'of counters that go by what they read lose nothing',
      ],
    },
    lookingFirst(async ({ tables }, { owner }, event) => {
      await pause();
      append(tables, owner, event);
    }),
  ),

  'seals the event of a factor before a pause': faulty(
    { 'races of factors': ['of factors and keys of one owner keep the chain whole'] },
    lookingFirst(async ({ tables }, { owner }, event) => {
      const sealed = tables.seal(owner, [event]);
      await pause();
      tables.append(sealed);
    }),
  ),

  'writes a factor after its event': faulty(
    { 'races of factors': ['of a write and an erasure leave no document of before'] },
    lookingFirst(async ({ tables }, { owner }, event) => {
      append(tables, owner, event);
      await pause();
    }),
  ),

  'has factors after all': {
    caughtBy: { factors: ['are not offered'] },
    open: () => ({ store: memoryStore() }),
    traits: { factors: false },
  },
};
