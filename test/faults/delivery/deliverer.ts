import { deliverActivity } from 'keywright/operators';
import { openStore } from '../open-store.ts';
import { serviceOver } from '../operations.ts';

const [address = '', receiver = ''] = process.argv.slice(2);
const { store } = await openStore(address);
process.send?.({});
await deliverActivity(
  serviceOver(store, 60_000),
  async (events) => {
    const body = JSON.stringify({ pid: process.pid, events });
    const { ok } = await fetch(receiver, { method: 'POST', body });
    if (!ok) throw new Error('refused');
  },
  {
    ...{ consumer: 'siem', batchSize: 2, concurrency: 2 },
    ...{ pollMs: 20, leaseMs: 1000, maxRetryMs: 50 },
  },
);
