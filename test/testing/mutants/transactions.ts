import type { KeyStore } from 'keywright';
import { type TransactionFaults, transactionalStore } from '../fixtures/transactional-store.ts';
import { type Mutant, type Mutants, mutant } from './mutant.ts';

type Transactional = ReturnType<typeof transactionalStore>;

const traits = {
  transact: (opened: object, work: (transaction: unknown) => Promise<void>) =>
    (opened as Transactional).transact(work),
};

/** A store that joins transactions, with a fault of its own or in some methods. */
function joining(
  claims: readonly string[],
  faults: TransactionFaults,
  change: (store: KeyStore) => Partial<KeyStore> = () => ({}),
): Mutant {
  return {
    traits,
    caughtBy: { 'transactions of the host': claims },
    open: () => {
      const { store, transact } = transactionalStore(faults);
      return { store: { ...store, ...change(store) }, transact } as Transactional;
    },
  };
}

export const transactionMutants: Mutants = {
  'commits nothing that is done in a transaction': joining(
    [
      'commit the change and its event with the host',
      'hold several changes, each of which sees the one before',
      'leave the store usable beside them',
    ],
    { neverCommits: true },
  ),

  'commits what the host rolls back': joining(
    ['leave nothing when the host rolls back', 'are rolled back by the host after a taken digest'],
    { alwaysCommits: true },
  ),

  'takes in what is done beside a transaction': joining(
    ['take in nothing that is done beside them'],
    { slipsIn: true },
  ),

  'loses what is done beside a transaction': joining(['leave the store usable beside them'], {
    losesBeside: true,
  }),

  'does not see what the transaction has done before': joining(
    ['hold several changes, each of which sees the one before'],
    {},
    (store) => ({
      update: async (ref, change, trace, options) =>
        (await store.find(ref)) && store.update(ref, change, trace, options),
    }),
  ),

  'finds what is outside the transaction alone': joining(
    ['hold several changes, each of which sees the one before'],
    {},
    (store) => ({ find: (ref) => store.find(ref) }),
  ),

  'rejects a change that is refused': joining(
    ['give the outcomes of changes that do not take place'],
    {},
    (store) => ({
      update: async (...given) => {
        const outcome = await store.update(...given);
        if (outcome && 'refused' in outcome) throw new Error(outcome.refused);
        return outcome;
      },
    }),
  ),

  'raises the generation before the commit': {
    ...joining([], { raisesEarly: true }),
    caughtBy: {
      'transactions and the change feed': [
        'raise the generation with the commit, and not with a rollback',
      ],
    },
  },

  'does not look at the transaction that it is given': mutant(
    { 'transactions of the host': ['are rejected with invalid_argument, and nothing is changed'] },
    ({ inner }) => ({
      create: (key, trace) => inner.create(key, trace),
      update: (ref, change, trace) => inner.update(ref, change, trace),
    }),
  ),

  'does not look at the transaction that it is to find a key in': mutant(
    { 'transactions of the host': ['are rejected with invalid_argument, and nothing is changed'] },
    ({ inner }) => ({ find: (ref) => inner.find(ref) }),
  ),

  'has a change feed and says that it has none': {
    ...mutant({ 'the change feed': ['is absent'] }, () => ({})),
    traits: { changes: 'none' },
  },

  'has a push and says that it has none': {
    ...mutant({ 'the push': ['is absent'] }, () => ({})),
    traits: { changes: 'poll' },
  },
};
