import { pause } from '../../clock.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { repeated } from './contenders.ts';
import {
  claim,
  claimAll,
  claimOf,
  claimSoon,
  eventsAfter,
  LONG_MS,
  newConsumer,
  queueOf,
} from './delivering.ts';
import { type Topic, unique } from './subject.ts';
import { HOSTILE_TEXTS, LOOKALIKES } from './texts.ts';
import { until } from './timing.ts';
import { eventDraft, put, write } from './writes.ts';

/** For a store with `deliveries`. */
export const deliveries: Topic = {
  'find events from before the consumer was registered, and from after': async (subject) => {
    const { store, other, owner } = subject;
    await put(subject);
    const consumer = unique('siem');
    await queueOf(store).register(consumer);
    const first = await claimOf(other, consumer, owner);
    assertEqual([first.sequence, first.failures], [0, 0], 'position and failures');
    const second = unique('org');
    await put({ store: other, owner: second });
    assertEqual([...(await claimAll(store, consumer)).keys()], [second], 'the claimed owners');
  },

  'find nothing for a consumer that was not registered': async (subject) => {
    const { store, other } = subject;
    await put(subject);
    await newConsumer(subject);
    assertEqual((await claim(other, unique('siem'))).length, 0, 'claims of an unknown consumer');
    assertEqual((await claim(store, unique('siem'))).length, 0, 'claims of another one');
  },

  'find an owner again after each later event, and only then': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    for (let sequence = 0; sequence < 3; sequence++) {
      await put(subject);
      const claimed = await claimOf(other, consumer, owner);
      assertEqual(claimed.sequence, sequence, 'the position');
      const next = sequence + 1;
      assert(await queueOf(store).release(claimed, { sequence: next }), 'the claim is released');
      assertEqual((await claimAll(store, consumer)).size, 0, 'owners with nothing to deliver');
      assertEqual((await claimAll(other, consumer)).size, 0, 'owners, on the other handle');
    }
  },

  'find an owner again whose event was added while it was claimed': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    await put(subject);
    const claimed = await claimOf(store, consumer, owner);
    await put({ store: other, owner });
    assertEqual((await claimAll(other, consumer)).size, 0, 'claims beside the first');
    await put(subject);
    assert(await queueOf(store).release(claimed, { sequence: 1 }), 'the claim is released');
    const again = await claimOf(other, consumer, owner);
    assertEqual((await eventsAfter(other, again)).length, 2, 'the number of events left');
  },

  'do not find an owner again for events that were already delivered': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    await put(subject);
    const claimed = await claimOf(store, consumer, owner);
    await put(subject);
    assert(await queueOf(store).release(claimed, { sequence: 2 }), 'the claim is released');
    assertEqual((await claimAll(other, consumer)).size, 0, 'owners with nothing to deliver');
  },

  'give an owner to one of several concurrent claims': repeated(async (subject) => {
    const { store, other } = subject;
    const consumer = await newConsumer(subject);
    const owners = Array.from({ length: 6 }, () => unique('org'));
    for (const owner of owners) await put({ store, owner });
    const racing = Array.from({ length: 6 }, (_, i) => claim(i % 2 ? store : other, consumer));
    const claimed = (await Promise.all(racing)).flat().map(({ owner }) => owner);
    claimed.push(...(await claimAll(store, consumer)).keys());
    assertEqual(claimed.sort(), owners.sort(), 'the claimed owners');
  }),

  'claim no more owners than the limit': async (subject) => {
    const { store, other } = subject;
    const consumer = await newConsumer(subject);
    const owners = Array.from({ length: 3 }, () => unique('org'));
    for (const owner of owners) await put({ store, owner });
    const first = await claim(store, consumer, { limit: 2 });
    const second = await claim(other, consumer, { limit: 2 });
    assertEqual([first.length, second.length], [2, 1], 'the numbers of claims');
  },

  'let an owner be claimed again after its lease, and ignore the former claim': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    await put(subject);
    await put(subject);
    const former = (await claimAll(store, consumer, 1)).get(owner);
    assert(former !== undefined, 'the owner can be claimed');
    const present = await claimSoon(other, consumer, owner);
    const late = [
      await queueOf(store).record(former, { sequence: 2, leaseMs: 1 }),
      await queueOf(store).release(former, { sequence: 2 }),
    ];
    assertEqual(late, [false, false], 'whether the former claim changed something');
    assertEqual((await claimAll(store, consumer)).size, 0, 'claims beside the present one');
    assert(await queueOf(other).release(present, { sequence: 0 }), 'the present claim is released');
    assertEqual((await claimOf(store, consumer, owner)).sequence, 0, 'the position');
  },

  'extend the lease with each record': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    await put(subject);
    const claimed = (await claimAll(store, consumer, 20)).get(owner);
    assert(claimed !== undefined, 'the owner can be claimed');
    const progress = { sequence: 0, leaseMs: LONG_MS };
    assert(await queueOf(store).record(claimed, progress), 'the claim is kept');
    await pause(40);
    assertEqual((await claimAll(other, consumer)).size, 0, 'claims beside the first');
  },

  'never move a position back': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    for (let i = 0; i < 3; i++) await put(subject);
    const claimed = await claimOf(store, consumer, owner);
    const queue = queueOf(store);
    await queue.record(claimed, { sequence: 2, leaseMs: LONG_MS });
    await queue.record(claimed, { sequence: 1, leaseMs: LONG_MS });
    await queue.release(claimed, { sequence: 0 });
    const again = await claimOf(other, consumer, owner);
    assertEqual(again.sequence, 2, 'the position');
    await queueOf(other).release(again, { sequence: 1, retryMs: 1 });
    assertEqual((await claimSoon(store, consumer, owner)).sequence, 2, 'the position at the end');
  },

  'delay only an owner that failed, and count its failures': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    const beside = unique('org');
    for (const each of [owner, owner, beside, beside]) await put({ store, owner: each });
    const claims = await claimAll(store, consumer);
    const [failed, fine] = [claims.get(owner), claims.get(beside)];
    assert(failed !== undefined && fine !== undefined, 'both owners can be claimed');
    await queueOf(store).release(failed, { sequence: 0, retryMs: LONG_MS });
    await queueOf(store).release(fine, { sequence: 1 });
    const next = await claimAll(other, consumer);
    assertEqual([...next.keys()], [beside], 'the owners that can be claimed');
    await queueOf(other).release(next.get(beside) ?? fine, { sequence: 1, retryMs: 1 });
    const again = await claimSoon(store, consumer, beside);
    assertEqual([again.sequence, again.failures], [1, 1], 'position and failures');
    await queueOf(store).release(again, { sequence: 1, retryMs: 1 });
    const third = await claimSoon(other, consumer, beside);
    assertEqual(third.failures, 2, 'the failures');
    await queueOf(other).record(third, { sequence: 2, leaseMs: LONG_MS });
    await put({ store, owner: beside });
    await queueOf(other).release(third, { sequence: 2, retryMs: 1 });
    assertEqual((await claimSoon(store, consumer, beside)).failures, 1, 'failures since it moved');
  },

  'keep consumers apart': async (subject) => {
    const { store, other, owner } = subject;
    const [one, two] = [await newConsumer(subject), await newConsumer(subject)];
    await put(subject);
    await queueOf(store).release(await claimOf(store, one, owner), { sequence: 1 });
    assertEqual((await claimOf(other, two, owner)).sequence, 0, 'the position of the other one');
    assertEqual((await claimAll(other, one)).size, 0, 'owners for the first one');
  },

  'keep their positions when a consumer is registered again': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    await put(subject);
    await queueOf(store).release(await claimOf(store, consumer, owner), { sequence: 1 });
    await queueOf(other).register(consumer);
    assertEqual((await claimAll(other, consumer)).size, 0, 'owners with nothing to deliver');
    await put(subject);
    assertEqual((await claimOf(other, consumer, owner)).sequence, 1, 'the position');
  },

  'hold owners verbatim, and distinguish owners and consumers byte for byte': async (subject) => {
    const { store, other, owner } = subject;
    const consumer = await newConsumer(subject);
    const texts = new Set([...HOSTILE_TEXTS, ...LOOKALIKES.flat()]);
    const owners = [...texts].map((text) => `${owner}${text}`);
    for (const each of owners) await put({ store, owner: each });
    const claims = await claimAll(other, consumer);
    assertEqual([...claims.keys()].sort(), owners.sort(), 'the claimed owners');
    for (const each of claims.values()) {
      assert(await queueOf(other).release(each, { sequence: 1 }), 'the claim is released');
    }
    assertEqual((await claimAll(store, consumer)).size, 0, 'owners with nothing to deliver');
    const name = unique('Siem');
    await queueOf(store).register(name);
    const lookalikes = [name.toLowerCase(), `${name} `];
    for (const each of lookalikes) {
      assertEqual((await claim(other, each)).length, 0, 'claims of a lookalike');
    }
  },

  'miss no event that commits during claims': repeated(async (subject) => {
    const { store, other } = subject;
    const consumer = await newConsumer(subject);
    const owners = Array.from({ length: 5 }, () => unique('org'));
    const delivered = new Map(owners.map((owner) => [owner, [] as number[]]));
    const isWhole = () => [...delivered.values()].every((sequences) => sequences.length >= 4);
    const writers = owners.map(async (owner, i) => {
      for (let n = 0; n < 4; n++) await write(i % 2 ? store : other, owner, eventDraft(owner));
    });
    const deliver = async (handle: KeyStore) => {
      for (const each of await claim(handle, consumer, { limit: 2 })) {
        const events = await eventsAfter(handle, each);
        delivered.get(each.owner)?.push(...events.map(({ sequence }) => sequence));
        const sequence = events.at(-1)?.sequence ?? each.sequence;
        await queueOf(handle).release(each, { sequence });
      }
      return isWhole();
    };
    const deliverers = [store, other].map((handle) =>
      until(() => deliver(handle), 'all events are delivered'),
    );
    await Promise.all([...writers, ...deliverers]);
    for (const sequences of delivered.values()) {
      assertEqual(sequences, [1, 2, 3, 4], 'the sequences that were delivered');
    }
  }),
};

/** For a store without `deliveries`. */
export const noDeliveries: Topic = {
  'are absent': async ({ store }) => {
    assertEqual(store.deliveries, undefined, 'deliveries');
  },
};
