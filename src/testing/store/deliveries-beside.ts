import { assertEqual } from '../assert.ts';
import { claimAll, claimOf, eventsAfter, newConsumer, queueOf } from './delivering.ts';
import type { Topic } from './subject.ts';
import { RunningWork } from './timing.ts';
import { join } from './transactions.ts';
import { eventDraft, put, write } from './writes.ts';

/** For a store with `deliveries` in which an open transaction does not block other owners. */
export const transactionDeliveries: Topic = {
  'do not block each other, and miss no event that commits late': async (subject) => {
    const { store, other, owner, transact } = subject;
    const consumer = await newConsumer(subject);
    const beside = `${owner}_beside`;
    await put(subject);
    await transact(async (transaction) => {
      await join(store, transaction, (joined) => write(joined, owner, eventDraft(owner)));
      await put({ store: other, owner: beside });
      const claiming = new RunningWork('the claim', claimAll(other, consumer));
      const { result } = await claiming.ends();
      assertEqual([...(result?.keys() ?? [])].sort(), [owner, beside], 'the claimed owners');
      for (const each of result?.values() ?? []) {
        assertEqual((await eventsAfter(other, each)).length, 1, 'the number of events');
        await queueOf(other).release(each, { sequence: 1 });
      }
      assertEqual((await claimAll(other, consumer)).size, 0, 'owners before the commit');
    });
    const late = await claimOf(other, consumer, owner);
    assertEqual(late.sequence, 1, 'the position after the commit');
    assertEqual((await eventsAfter(other, late)).length, 1, 'the number of late events');
  },
};
