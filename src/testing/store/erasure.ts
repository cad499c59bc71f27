import { ERASED_ACTOR, eraseEvent } from '../../digest/chain.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import {
  assertUnchanged,
  chainOf,
  drain,
  keptKey,
  listedKeys,
  put,
  type Subject,
  type Topic,
  unique,
  unsealed,
} from './subject.ts';

const LEAVER = { id: 'leaver', name: 'Ada Leaver', email: 'ada@example.com' };
const STAYER = { id: 'stayer', name: 'Grace' };

export const eraseActor: Topic = {
  "turns the actor's events into digests and leaves the others": async (subject) => {
    const { store, other, owner } = subject;
    await putHistory(subject);
    const before = await chainOf(other, owner);
    const erased = await store.eraseActor(owner, LEAVER.id, trace({ actor: STAYER }));
    assertEqual(erased, 4, 'the number of events erased');
    const after = (await chainOf(other, owner)).slice(0, -1);
    const expected = before.map((event) =>
      event.actor.id === LEAVER.id ? eraseEvent(event) : event,
    );
    assertEqual(after, expected, 'the events');
    const log = await drain((cursor) => other.listActivity({ owner, limit: 2, ...cursor }));
    assertEqual(log.slice(1), expected.reverse(), 'the events as listed');
    const marked = after.filter((event) => event.erased !== undefined);
    assert(!JSON.stringify(marked).includes('Leaver'), 'nothing of the actor is left');
  },

  'leaves one event': async (subject) => {
    const { store, other, owner } = subject;
    await putHistory(subject);
    const by = { at: START + 7, actor: STAYER, reason: 'asked for' };
    await store.eraseActor(owner, LEAVER.id, by);
    const [event] = unsealed((await chainOf(other, owner)).slice(-1));
    assertEqual(event, { ...by, action: 'activity.erased', owner }, 'the newest event');
  },

  'erases who created keys, successors too, and nothing else of them': async (subject) => {
    const { store, other, owner } = subject;
    await putHistory(subject);
    const before = await listedKeys(other, { owner });
    await store.eraseActor(owner, LEAVER.id, trace());
    const expected = before.map((key) =>
      key.createdBy.id === LEAVER.id ? { ...key, createdBy: ERASED_ACTOR } : key,
    );
    assertEqual(await listedKeys(other, { owner }), expected, 'list');
    for (const key of expected) {
      assertEqual(await other.find({ id: key.id }), key, 'find');
      assertEqual(await other.findByDigest(key.digest), key, 'findByDigest');
    }
    const stayed = expected.filter(({ createdBy }) => createdBy.id === STAYER.id).length;
    assertEqual(stayed, 1, 'the number of keys of the other actor');
  },

  'leaves the log without events of the actor': async (subject) => {
    const { store, other, owner } = subject;
    await putHistory(subject);
    await store.eraseActor(owner, LEAVER.id, trace());
    const query = { owner, limit: 10 };
    assertEqual(await other.listActivity({ ...query, actorId: LEAVER.id }), { items: [] }, 'log');
    const { items } = await other.listActivity({ ...query, actorId: ERASED_ACTOR.id });
    assertEqual(items.length, 4, 'the number of events of the erased actor');
  },

  "leaves other owners' data": async (subject) => {
    const theirs = unique('org');
    await putHistory({ ...subject, owner: theirs });
    await putHistory(subject);
    await assertUnchanged(subject, [theirs], async () => {
      await subject.store.eraseActor(subject.owner, LEAVER.id, trace());
    });
  },

  'leaves an event though there is nothing to erase': async (subject) => {
    const { store, other, owner } = subject;
    await putHistory(subject);
    const before = await chainOf(other, owner);
    assertEqual(await store.eraseActor(owner, unique('user'), trace()), 0, 'eraseActor');
    const after = await chainOf(other, owner);
    assertEqual(after.slice(0, -1), before, 'the events of before');
    assertEqual(after.at(-1)?.action, 'activity.erased', 'the newest event');
  },

  'erases nothing twice': async (subject) => {
    const { store, other, owner } = subject;
    await putHistory(subject);
    await store.eraseActor(owner, LEAVER.id, trace());
    const before = await chainOf(other, owner);
    assertEqual(await store.eraseActor(owner, LEAVER.id, trace()), 0, 'again');
    assertEqual(await store.eraseActor(owner, ERASED_ACTOR.id, trace()), 0, 'the erased actor');
    assertEqual((await chainOf(other, owner)).slice(0, -2), before, 'the events of before');
  },

  'leaves what the actor does later': async (subject) => {
    const { store, other, owner } = subject;
    await putHistory(subject);
    await store.eraseActor(owner, LEAVER.id, trace({ actor: LEAVER }));
    const key = await put(subject, { createdBy: LEAVER });
    const [erasure, creation] = (await chainOf(other, owner)).slice(-2);
    assertEqual([erasure?.actor, creation?.actor], [LEAVER, LEAVER], 'the actors of what followed');
    assertEqual((await keptKey(other, key.id)).createdBy, LEAVER, 'createdBy');
  },

  'keeps the chain whole while others write to it': async (subject) => {
    const { store, other, owner } = subject;
    const { stayed } = await putHistory(subject);
    const creations = Array.from({ length: 8 }, (_, i) =>
      (i % 2 ? store : other).create(storedKey({ owner, createdBy: LEAVER }), {
        at: START,
        actor: LEAVER,
      }),
    );
    const [erased] = await Promise.all([
      store.eraseActor(owner, LEAVER.id, trace({ actor: STAYER })),
      other.update({ id: stayed.id }, { name: 'n' }, trace({ actor: LEAVER })),
      ...creations,
    ]);
    const events = await chainOf(other, owner);
    assertEqual(events.length, 6 + 1 + 1 + creations.length, 'the number of events');
    const marked = events.filter((event) => event.erased !== undefined).length;
    assertEqual(marked, erased, 'the number of events that are erased');
  },
};

/** Six events: four by the leaver, who makes a key and a successor, two by the stayer. */
async function putHistory(subject: Subject) {
  const { store } = subject;
  const next = successor({ graceEndsAt: START + 9 });
  const by = { at: START, actor: LEAVER, reason: 'Leaver wants it' };
  const key = await put(subject, { name: 'Key of Leaver', createdBy: LEAVER });
  const stayed = await put(subject, { createdBy: STAYER });
  await store.update({ id: key.id }, { metadata: { contact: 'Leaver' }, expiresAt: null }, by);
  await store.rotate({ id: key.id }, next, by);
  await store.update({ id: key.id }, { name: 'renamed' }, trace({ actor: STAYER }));
  await store.revoke({ id: key.id }, by);
  return { stayed };
}
