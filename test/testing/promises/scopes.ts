import { memoryStore } from 'keywright';
import type { StoreTraits } from 'keywright/testing';
import type { Broken, Promises } from '../fixtures/broken.ts';
import { type ScopeFault, transactionalStore } from '../fixtures/transactional-store.ts';

/** The traits of the store with holds and transactions. */
export const SCOPED: StoreTraits<ReturnType<typeof transactionalStore>> = {
  hold: true,
  transact: ({ transact }, work) => transact(work),
  rounds: 1,
};

function faulty(fault: ScopeFault): Broken {
  return {
    open: () => transactionalStore(fault),
    traits: SCOPED as StoreTraits,
  };
}

const refuse = async () => {
  throw new Error('there is none');
};

/** What holds and transactions promise. */
export const scopePromises: Promises = {
  'a hold keeps other changes of the owner out, for a limited time': {
    checks: [
      'hold: commits what its work committed',
      'hold: shows earlier commits to its work',
      'hold: releases the owner and writes nothing if its work rejects',
      'hold: stays usable after a commit that fails',
      'hold: lets no other change of the owner commit',
      'hold: ends in time while another hold lasts',
      'hold: lets changes follow each other on both handles',
      'hold: lets changes of other owners commit',
    ],
    broken: {
      'commits nothing of a hold': faulty('never commits'),
      'shows a hold an old head': faulty('shows an old head'),
      'keeps a hold whose work rejects': faulty('keeps what has failed'),
      'breaks a hold by a commit that was not made': faulty(
        'fails after a commit that was not made',
      ),
      'holds nothing': faulty('locks nothing'),
      'waits for another hold for ever': faulty('waits for ever'),
      'holds all owners': faulty('locks everything'),
    },
  },

  'a store without holds has no hold': {
    checks: ['hold: is absent'],
    broken: {
      'has a hold that rejects': { open: () => ({ store: { ...memoryStore(), hold: refuse } }) },
    },
  },

  'a joined change takes effect with the transaction of the application': {
    checks: [
      'transactions of the application: commit with the application',
      'transactions of the application: leave nothing when the application rolls back',
      'transactions of the application: show earlier changes to later ones',
      'transactions of the application: stay usable after a commit that fails',
      'transactions of the application: stay usable after work that rejects',
      'transactions of the application: lock the head that they viewed',
      'transactions of the application: do not block a plain change of the owner for ever',
      'transactions of the application: do not include changes made outside of them',
      'transactions of the application: leave the store usable for other changes',
      'transactions of the application: are refused if the argument is no transaction',
      'transactions of the application: are refused once they are over',
      'transactions of the application: do not block changes of other owners',
      'transactions and the change feed: raise generations with the commit, and not with a rollback',
    ],
    broken: {
      'commits nothing of a transaction': faulty('never commits'),
      'commits a transaction that is rolled back': faulty('always commits'),
      'hides the changes of a transaction from it': faulty('hides its own changes'),
      'shows a transaction nothing of before': faulty('shows nothing of before'),
      'breaks a transaction by a commit that was not made': faulty(
        'fails after a commit that was not made',
      ),
      'breaks a transaction by work that rejects': faulty('fails after work that rejected'),
      'locks no head': faulty('locks nothing'),
      'waits for a transaction for ever': faulty('waits for ever'),
      'takes in what is done beside a transaction': faulty('takes in what is beside it'),
      'joins whatever it is given': faulty('joins anything'),
      'joins a transaction that is over': faulty('joins what is over'),
      'locks the heads of all owners': faulty('locks everything'),
      'raises generations before the commit': faulty('raises before the commit'),
      'raises a shard that is not of the owner': faulty('raises a foreign shard'),
    },
  },

  'a store that joins no transactions has no join': {
    checks: ['transactions of the application: are not supported'],
    broken: {
      'has a join that rejects': { open: () => ({ store: { ...memoryStore(), join: refuse } }) },
    },
  },
};
