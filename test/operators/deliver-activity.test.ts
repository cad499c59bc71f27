import { type ActivityEvent, createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { type DeliveryFailure, deliverActivity } from 'keywright/operators';
import { describe, expect, it } from 'vitest';
import { actor, failureOf, makeKey, setUp } from '../support.ts';

const consumer = 'siem';

/** A receiver that keeps what it has accepted, by owner. */
function receiver(refuses: (events: readonly ActivityEvent[]) => boolean = () => false) {
  const received = new Map<string, ActivityEvent[]>();
  const deliver = async (events: readonly ActivityEvent[], { owner }: { owner: string }) => {
    await Promise.resolve();
    if (refuses(events)) throw new Error('refused');
    received.set(owner, [...(received.get(owner) ?? []), ...events]);
  };
  const sequences = (owner: string) => received.get(owner)?.map(({ sequence }) => sequence);
  return { received, deliver, sequences };
}

describe('deliverActivity', () => {
  it('hands on the whole activity of every owner in order, and once', async () => {
    const { keys, store } = setUp();
    for (const owner of ['org_1', 'org_2', 'org_1', 'org_1']) await makeKey(keys, { owner });
    const { received, deliver } = receiver();
    const report = await deliverActivity(keys, deliver, { consumer, once: true });
    expect(report).toEqual({ events: 4, failures: 0 });
    for (const owner of ['org_1', 'org_2']) {
      expect(received.get(owner)).toEqual(await store.readChain(owner, 0, 10));
    }
    const again = await deliverActivity(keys, deliver, { consumer, once: true });
    expect(again).toEqual({ events: 0, failures: 0 });
  });

  it('hands on batches of the size asked for, and more than one turn of them', async () => {
    const { keys } = setUp();
    for (let i = 0; i < 45; i++) await makeKey(keys);
    const { deliver, sequences } = receiver(({ length }) => length > 2);
    await deliverActivity(keys, deliver, { consumer, once: true, batchSize: 2 });
    expect(sequences('org_1')).toEqual(Array.from({ length: 45 }, (_, i) => i + 1));
  });

  it('hands erased events on as erased', async () => {
    const { keys } = setUp();
    await makeKey(keys);
    await keys.eraseActor({ owner: 'org_1', actorId: actor.id, actor: { id: 'admin' } });
    const { received, deliver } = receiver();
    await deliverActivity(keys, deliver, { consumer, once: true });
    const [created, erasure] = received.get('org_1') ?? [];
    expect(created).toHaveProperty('erased');
    expect(created).not.toMatchObject({ actor });
    expect(erasure).toMatchObject({ action: 'activity.erased' });
  });

  it('holds up the owner that fails alone, and tries it again until it is accepted', async () => {
    const { keys } = setUp();
    await makeKey(keys);
    await makeKey(keys, { owner: 'org_2' });
    const ending = new AbortController();
    const failures: DeliveryFailure[] = [];
    let failing = 3;
    const { received, deliver, sequences } = receiver(
      ([event]) => event?.owner === 'org_1' && failing-- > 0,
    );
    const running = deliverActivity(
      keys,
      async (events, context) => {
        await deliver(events, context);
        if (context.owner === 'org_1') ending.abort();
      },
      {
        consumer,
        maxRetryMs: 10,
        pollMs: 10,
        signal: ending.signal,
        onError(failure) {
          failures.push(failure);
          throw new Error('ignored');
        },
      },
    );
    expect(await running).toEqual({ events: 2, failures: 3 });
    expect([...received.keys()]).toEqual(['org_2', 'org_1']);
    expect(sequences('org_1')).toEqual([1]);
    const failure = { owner: 'org_1', retryMs: 10, error: new Error('refused') };
    expect(failures).toEqual([failure, failure, failure]);
  });

  it('goes on from the last batch that was accepted', async () => {
    const { keys } = setUp();
    for (let i = 0; i < 4; i++) await makeKey(keys);
    let isDown = true;
    const { deliver, sequences } = receiver(([event]) => isDown && (event?.sequence ?? 0) > 2);
    const options = { consumer, once: true, batchSize: 2, maxRetryMs: 10 };
    expect(await deliverActivity(keys, deliver, options)).toEqual({ events: 2, failures: 1 });
    isDown = false;
    await expect
      .poll(async () => (await deliverActivity(keys, deliver, options)).events, { interval: 5 })
      .toBe(2);
    expect(sequences('org_1')).toEqual([1, 2, 3, 4]);
  });

  it('waits for new events until it is told to end, and records what is on its way', async () => {
    const { keys, store } = setUp();
    const ending = new AbortController();
    const arrived = Promise.withResolvers<void>();
    const accept = Promise.withResolvers<void>();
    const running = deliverActivity(
      keys,
      async () => {
        arrived.resolve();
        await accept.promise;
      },
      { consumer, pollMs: 10, signal: ending.signal },
    );
    await makeKey(keys);
    await arrived.promise;
    ending.abort();
    accept.resolve();
    expect(await running).toEqual({ events: 1, failures: 0 });
    const request = { consumer, holder: 'h', limit: 1, leaseMs: 1000 };
    expect(await store.deliveries?.claim(request)).toEqual([]);
  });

  it('aborts a delivery whose owner another deliverer has taken over', async () => {
    const { keys, store } = setUp();
    const queue = store.deliveries;
    if (queue === undefined) throw new Error('there are no deliveries');
    await makeKey(keys);
    // As a process sees it that was stopped for longer than its lease.
    const lost = { ...store, deliveries: { ...boundTo(queue), record: async () => false } };
    const deposed = setUp({ store: lost }).keys;
    const report = await deliverActivity(
      deposed,
      (_, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      { consumer, once: true, leaseMs: 1000 },
    );
    expect(report.failures).toBe(0);
    const request = { consumer, holder: 'h', limit: 1, leaseMs: 1000 };
    await expect
      .poll(() => queue.claim(request), { timeout: 5000 })
      .toMatchObject([{ sequence: 0 }]);
  });

  it('reports a store that fails, and goes on; a job that runs once rejects', async () => {
    const { store } = setUp();
    const queue = store.deliveries;
    if (queue === undefined) throw new Error('there are no deliveries');
    const error = new Error('the store is down');
    const claim = () => Promise.reject(error);
    const { keys } = setUp({ store: { ...store, deliveries: { ...boundTo(queue), claim } } });
    const ending = new AbortController();
    const report = await deliverActivity(keys, () => {}, {
      consumer,
      pollMs: 10,
      signal: ending.signal,
      onError(failure) {
        expect(failure).toEqual({ error, retryMs: 10 });
        ending.abort();
      },
    });
    expect(report).toEqual({ events: 0, failures: 1 });
    await expect(deliverActivity(keys, () => {}, { consumer, once: true })).rejects.toBe(error);
  });

  it('refuses what it cannot work with, and names it', async () => {
    const { keys, store } = setUp();
    const format = tokenFormat({ brand: 'prn', environments: ['live'] });
    const { deliveries: _, ...without } = memoryStore();
    const run = (options: object, deliver: unknown = () => {}, of: unknown = keys) =>
      failureOf(() => deliverActivity(of as never, deliver as never, options as never));
    const wrong: [argument: string, failure: Promise<unknown>][] = [
      ['keys', run({ consumer }, () => {}, keys.forOwner('org_1'))],
      ['keys', run({ consumer }, () => {}, createApiKeys({ format, store: without }))],
      ['deliver', run({ consumer }, 'https://siem.example')],
      ['options', run(undefined as never)],
      ['options.webhook', run({ consumer, webhook: '' })],
      ...['', 'a b', 'x'.repeat(65), 7].map(
        (name) => ['consumer', run({ consumer: name })] as never,
      ),
      ['batchSize', run({ consumer, batchSize: 1001 })],
      ['concurrency', run({ consumer, concurrency: 0 })],
      ['pollMs', run({ consumer, pollMs: 1.5 })],
      ['leaseMs', run({ consumer, leaseMs: 999 })],
      ['maxRetryMs', run({ consumer, maxRetryMs: '10' })],
      ['once', run({ consumer, once: 1 })],
      ['signal', run({ consumer, signal: {} })],
      ['onError', run({ consumer, onError: true })],
    ];
    for (const [argument, failure] of wrong) {
      expect(await failure, argument).toMatchObject({ code: 'invalid_argument', argument });
    }
    expect(await store.deliveries?.claim({ consumer, holder: 'h', limit: 1, leaseMs: 1 })).toEqual(
      [],
    );
  });
});

function boundTo<Queue extends NonNullable<ReturnType<typeof memoryStore>['deliveries']>>(
  queue: Queue,
) {
  return {
    register: queue.register.bind(queue),
    claim: queue.claim.bind(queue),
    record: queue.record.bind(queue),
    release: queue.release.bind(queue),
  };
}
