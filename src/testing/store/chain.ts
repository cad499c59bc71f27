import { EMPTY_HEAD } from '../../digest/chain.ts';
import { assert, assertEqual, assertRejects } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import {
  assertUnchanged,
  chainOf,
  put,
  putMany,
  type Subject,
  type Topic,
  unique,
  unsealed,
} from './subject.ts';
import { CONTROL_TEXTS, HOSTILE_TEXTS } from './texts.ts';

export const chain: Topic = {
  'begins with sequence 1 and links every event to the one before': async (subject) => {
    const { store, other, owner } = subject;
    assertEqual(await other.head(owner), EMPTY_HEAD, 'the head before the first event');
    const key = await put(subject);
    const next = successor({ graceEndsAt: START + 9 });
    await store.update({ id: key.id }, { name: 'n', expiresAt: null }, trace());
    await store.rotate({ id: key.id }, next, trace({ reason: 'yearly' }));
    await store.revoke({ id: key.id }, trace());
    await put(subject);
    await store.revokeAll(owner, trace());
    await store.eraseActor(owner, 'nobody', trace());
    const actions = (await chainOf(other, owner)).map(({ action }) => action);
    const [one, two] = ['key.created', 'key.revoked'];
    const expected = [one, 'key.updated', 'key.rotated', two, one, two, two, 'activity.erased'];
    assertEqual(actions, expected, 'the actions');
  },

  'has a salt of its own in each event': async (subject) => {
    await putMany(subject, 5);
    const salts = (await chainOf(subject.other, subject.owner)).map(({ salt }) => salt ?? '');
    assertEqual(new Set(salts).size, 5, 'the number of different salts');
    assert(
      salts.every((salt) => salt.length >= 22),
      'salts have at least 22 characters',
    );
  },

  'holds whatever an event can hold': async (subject) => {
    const { store, other, owner } = subject;
    const { id } = await put(subject);
    for (const text of [...HOSTILE_TEXTS, ...CONTROL_TEXTS]) {
      const actor = { id: text, [text]: { [text]: [text, 0.1 + 0.2, -1e-7, 1e21, null] } };
      const change = { name: text, scopes: [text], metadata: { [text]: { z: 1, a: [text] } } };
      const by = { at: START, actor: { ...actor, id: text }, reason: text };
      await store.update({ id }, change, by);
      const head = await other.head(owner);
      const [event] = unsealed(await other.readChain(owner, head.sequence - 1, 1));
      assertEqual(event?.change, change, 'the change');
      assertEqual({ actor: event?.actor, reason: event?.reason, at: START }, by, 'the trace');
    }
    await chainOf(other, owner);
  },

  'holds times from zero to the largest safe integer': async (subject) => {
    const { store, other, owner } = subject;
    const { id } = await put(subject);
    for (const at of [0, 2 ** 31, Number.MAX_SAFE_INTEGER - 1]) {
      const next = successor({ graceEndsAt: at + 1, expiresAt: at });
      await store.rotate({ id }, next, trace({ at }));
      const [event] = (await chainOf(other, owner)).slice(-1);
      assertEqual([event?.at, event?.graceEndsAt], [at, at + 1], 'the times of the event');
    }
  },

  'of one owner stands apart from those of others': async (subject) => {
    const { store, other } = subject;
    const owners = [unique('org'), unique('org'), subject.owner];
    for (let i = 0; i < 3; i++) for (const owner of owners) await put({ store, owner });
    for (const owner of owners) {
      const owned = (await chainOf(other, owner)).map((event) => [event.sequence, event.owner]);
      assertEqual(
        owned,
        [1, 2, 3].map((sequence) => [sequence, owner]),
        'sequences and owners',
      );
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
    const { store, other, owner } = subject;
    await Promise.all(Array.from({ length: 255 }, () => put(subject)));
    await store.revokeAll(owner, trace());
    assertEqual((await other.readChain(owner, 0, 500)).length, 500, 'the number of events');
    assertEqual((await other.readChain(owner, 500, 500)).length, 10, 'the number after them');
  },

  'and the change that it tells are written together or not at all': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject, { createdBy: { id: 'leaver' } });
    await assertUnchanged(subject, [owner], async () => {
      for (const [what, work] of Object.entries(untellable(subject, key.id))) {
        await assertFails(work, `${what} whose event cannot be written`);
      }
    });
    await store.update({ id: key.id }, { name: 'n' }, trace());
    await store.revoke({ id: key.id }, trace());
    assertEqual((await chainOf(subject.other, owner)).length, 3, 'the number of events');
  },

  'grows by nothing for a change that is rejected': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    await assertUnchanged(subject, [owner], async () => {
      await assertRejects(store.create(key, trace()), 'digest_taken', 'create');
      const work = store.rotate({ id: key.id }, successor({ id: key.id }), trace());
      await assertRejects(work, 'digest_taken', 'rotate');
    });
    await put(subject);
    assertEqual((await chainOf(subject.other, owner)).length, 2, 'the number of events');
  },
};

/** Every mutation, with an actor that cannot be read, so that its event cannot be written. */
function untellable({ store, owner }: Subject, id: string) {
  const actor = {
    id: 'user_1',
    get detail(): string {
      throw new Error('this detail cannot be read');
    },
  };
  const by = trace({ actor });
  return {
    create: () => store.create(storedKey({ owner }), by),
    update: () => store.update({ id }, { name: 'n' }, by),
    rotate: () => store.rotate({ id }, successor(), by),
    revoke: () => store.revoke({ id }, by),
    revokeAll: () => store.revokeAll(owner, by),
    eraseActor: () => store.eraseActor(owner, 'leaver', by),
  };
}

async function assertFails(work: () => Promise<unknown>, claim: string): Promise<void> {
  const failed = await work().then(
    () => false,
    () => true,
  );
  assert(failed, `${claim} rejects`);
}
