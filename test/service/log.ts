import { type ActivityEvent, type ChainHead, type KeyStore, memoryStore } from 'keywright';
import { vi } from 'vitest';
import { actor, contentsOf, makeKey, setUp } from '../support.ts';

/** One of each change, a second apart, by two actors. */
export async function withHistory() {
  const service = setUp();
  const { keys, time } = service;
  const other = { id: 'user_2' };
  const { record: first } = await makeKey(keys);
  time.now += 1000;
  await keys.update(first.id, { name: 'Renamed' }, { actor: other, reason: 'typo' });
  time.now += 1000;
  const { record: second } = await keys.rotate(first.id, { actor, graceMs: 500 });
  time.now += 1000;
  await keys.revoke(second.id, { actor: other });
  await makeKey(keys, { owner: 'org_2' });
  return { ...service, first, second };
}

/** A log of so many events, and a service that reads it through whatever `alter` makes of it. */
export async function withLog(
  count: number,
  alter: (events: ActivityEvent[]) => ActivityEvent[] = (events) => events,
  alterHead: (head: ChainHead) => ChainHead = (head) => head,
) {
  const store = memoryStore();
  const { keys: writer } = setUp({ store });
  const { record } = await makeKey(writer);
  for (let made = 1; made < count; made++) {
    await writer.update(record.id, { name: `Name ${made}` }, { actor, reason: `${made}` });
  }
  const events = alter((await contentsOf(store)).events);
  const reader: KeyStore = {
    ...store,
    readChain: vi.fn(async (_owner: string, after: number, limit: number) =>
      events.filter(({ sequence }) => sequence > after).slice(0, limit),
    ),
    head: async () => alterHead(await store.head('org_1')),
  };
  const { keys } = setUp({ store: reader });
  return { keys, store, reader, events, record, head: await store.head('org_1') };
}
