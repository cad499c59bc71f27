import { EMPTY_HEAD } from '../../digest/chain.ts';
import { keyEvent, ownerEvent } from '../../rules/events.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import { chainOf, type Topic, unique } from './subject.ts';
import { CONTROL_TEXTS, HOSTILE_TEXTS } from './texts.ts';
import { eventDraft, put, putMany, write } from './writes.ts';

/** The events of an owner, and their head. */
export const chain: Topic = {
  'is empty before the first event, and ends with its head': async (subject) => {
    const { store, other, owner } = subject;
    assertEqual(await other.head(owner), EMPTY_HEAD, 'the head before the first event');
    const changes = [await write(store, owner, eventDraft(owner))];
    await putMany(subject, 2);
    changes.push(await write(store, owner, eventDraft(owner)));
    const events = await chainOf(other, owner);
    assertEqual(events[0], changes[0]?.events[0], 'the first event');
    assertEqual(events[3], changes[1]?.events[0], 'the last event');
  },

  'holds everything that an event can contain': async ({ store, other, owner }) => {
    const key = storedKey({ owner });
    for (const text of [...HOSTILE_TEXTS, ...CONTROL_TEXTS]) {
      const details = { [text]: { [text]: [text, 0.1 + 0.2, -1e-7, 1e21, null] } };
      const by = { at: START, actor: { ...details, id: text }, reason: text };
      const change = { name: text, scopes: [text], metadata: { [text]: { z: 1, a: [text] } } };
      const event = keyEvent('key.updated', { ...key, name: text }, by, { change });
      const { head, events } = await write(store, owner, { events: [event] });
      assertEqual(await other.readChain(owner, head.sequence, 1), events, 'readChain');
      const { items } = await other.listActivity({ owner, limit: 1 });
      assertEqual(items, events, 'listActivity');
    }
    await chainOf(other, owner);
  },

  'holds the members of every action': async ({ store, other, owner }) => {
    const key = storedKey({ owner });
    const by = trace({ reason: 'yearly' });
    const { events } = await write(store, owner, {
      events: [
        keyEvent('key.created', key, by),
        keyEvent('key.updated', key, trace(), { change: { enabled: false, expiresAt: null } }),
        keyEvent('key.rotated', key, by, { successorId: 'key_2', graceEndsAt: START + 9 }),
        ownerEvent('factor.enrolled', owner, trace()),
      ],
    });
    assertEqual(await chainOf(other, owner), events, 'the events');
  },

  'holds times from zero to the largest safe integer': async ({ store, other, owner }) => {
    const key = storedKey({ owner });
    for (const at of [0, 2 ** 31, Number.MAX_SAFE_INTEGER - 1]) {
      const details = { successorId: key.id, graceEndsAt: at + 1 };
      await write(store, owner, { events: [keyEvent('key.rotated', key, trace({ at }), details)] });
      const [event] = (await chainOf(other, owner)).slice(-1);
      assertEqual([event?.at, event?.graceEndsAt], [at, at + 1], 'the times of the event');
    }
  },

  'of one owner is independent of those of others': async (subject) => {
    const { store, other } = subject;
    const owners = [unique('org'), unique('org'), subject.owner];
    for (let i = 0; i < 3; i++) for (const owner of owners) await put({ store, owner });
    for (const owner of owners) {
      const owned = (await chainOf(other, owner)).map((event) => [event.sequence, event.owner]);
      const expected = [1, 2, 3].map((sequence) => [sequence, owner]);
      assertEqual(owned, expected, 'sequences and owners');
    }
  },

  'is read after a sequence, up to a limit': async (subject) => {
    const { other, owner } = subject;
    await putMany(subject, 5);
    const all = await chainOf(other, owner);
    for (const [after, limit] of [
      [0, 1],
      [0, 5],
      [0, 500],
      [2, 2],
      [4, 1],
      [4, 10],
      [5, 10],
      [99, 10],
    ] as const) {
      const expected = all.slice(after, after + limit);
      assertEqual(await other.readChain(owner, after, limit), expected, `${after}, ${limit}`);
    }
  },

  'is read 500 events at a time': async (subject) => {
    const { other, owner } = subject;
    await putMany(subject, 510);
    assertEqual((await other.readChain(owner, 0, 500)).length, 500, 'the number of events');
    assertEqual((await other.readChain(owner, 500, 500)).length, 10, 'the number after them');
  },
};
