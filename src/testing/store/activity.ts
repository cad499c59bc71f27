import type { ActivityAction, ActivityEvent } from '../../record.ts';
import type { ActivityQuery } from '../../store.ts';
import { assert, assertEqual, assertRejects } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { chainOf, drain, put, putMany, type Subject, type Topic, unique } from './subject.ts';

const NOT_CURSORS: readonly string[] = [
  '',
  'x',
  'null',
  '{}',
  '-1',
  '0x1',
  '1.5',
  "' OR 1=1",
  '🔑',
];

export const listActivity: Topic = {
  'gives the events of the chain, newest first': async (subject) => {
    const { other, owner } = subject;
    await putLog(subject);
    const expected = (await chainOf(other, owner)).reverse();
    for (const limit of [1, 2, 3, 100]) {
      assertEqual(await events(subject, { limit }), expected, `in pages of ${limit}`);
    }
  },

  'goes by the order of the changes, whatever their times': async (subject) => {
    const { store, owner } = subject;
    for (const at of [START, START + 5, 9, START - 5, 10, START]) {
      await store.create(storedKey({ owner }), trace({ at }));
    }
    const times = (await events(subject, { limit: 2 })).map(({ at }) => at);
    assertEqual(times, [START, 10, START - 5, 9, START + 5, START], 'the times');
  },

  'gives no event of another owner': async (subject) => {
    await putMany({ ...subject, owner: unique('org') }, 2);
    await putMany(subject, 2);
    await putMany({ ...subject, owner: unique('org') }, 2);
    const owners = (await events(subject, {})).map(({ owner }) => owner);
    assertEqual(owners, [subject.owner, subject.owner], 'the owners of the events');
  },

  'gives as many events as the limit allows, and a cursor unless it is the last page': async (
    subject,
  ) => {
    const { other, owner } = subject;
    await putMany(subject, 101);
    const expected = (await chainOf(other, owner)).reverse();
    const one = await other.listActivity({ owner, limit: 1 });
    assertEqual(one.items, expected.slice(0, 1), 'a page of 1');
    const most = await other.listActivity({ owner, limit: 100 });
    assertEqual(most.items, expected.slice(0, 100), 'a page of 100');
    assert(most.cursor !== undefined, 'a page before the last has a cursor');
    const last = await other.listActivity({ owner, limit: 100, cursor: most.cursor });
    assertEqual(last, { items: expected.slice(100) }, 'the page after it');
    const full = await other.listActivity({ owner, limit: 1, cursor: most.cursor });
    assertEqual(full, { items: expected.slice(100) }, 'a full last page');
  },

  'is stable while events are added': async (subject) => {
    const { other, owner } = subject;
    await putMany(subject, 6);
    const expected = (await chainOf(other, owner)).reverse();
    const listed = await drain(async (cursor) => {
      const page = await other.listActivity({ owner, limit: 2, ...cursor });
      await put(subject);
      return page;
    });
    assertEqual(listed, expected, 'listActivity');
  },

  'passes the events of a key': async (subject) => {
    const { key, next } = await putLog(subject);
    const actions = ['key.revoked', 'key.rotated', 'key.updated', 'key.created'] as const;
    await assertActions(subject, { keyId: key.id }, actions);
    await assertActions(subject, { keyId: next.id }, ['key.updated']);
    await assertActions(subject, { keyId: unique('key') }, []);
  },

  'passes the events of an action': async (subject) => {
    await putLog(subject);
    await assertActions(subject, { action: 'key.created' }, ['key.created', 'key.created']);
    await assertActions(subject, { action: 'key.updated' }, ['key.updated', 'key.updated']);
    await assertActions(subject, { action: 'key.rotated' }, ['key.rotated']);
    await assertActions(subject, { action: 'key.revoked' }, ['key.revoked']);
    await assertActions(subject, { action: 'activity.erased' }, ['activity.erased']);
  },

  'passes the events of an actor': async (subject) => {
    await putLog(subject);
    await assertActions(subject, { actorId: 'ada' }, ['key.rotated', 'key.created']);
    await assertActions(subject, { actorId: 'ad' }, []);
  },

  'passes the events from a moment on and before another': async (subject) => {
    const { store, owner } = subject;
    for (const at of [START, START + 1, START + 2, START + 3]) {
      await store.create(storedKey({ owner }), trace({ at }));
    }
    const times = async (filter: Partial<ActivityQuery>) =>
      (await events(subject, filter)).map(({ at }) => at - START);
    assertEqual(await times({ from: START + 1 }), [3, 2, 1], 'from');
    assertEqual(await times({ to: START + 2 }), [1, 0], 'to');
    assertEqual(await times({ from: START + 1, to: START + 2 }), [1], 'from and to');
    assertEqual(await times({ from: START + 2, to: START + 2 }), [], 'from and to at once');
  },

  'passes the events for which all filters hold, in pages of any size': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject);
    const stranger = await put(subject);
    const by = (actor: string, at: number) => trace({ actor: { id: actor }, at: START + at });
    for (let at = 1; at <= 6; at++) {
      await store.update({ id: key.id }, { name: `${at}` }, by(at % 2 ? 'ada' : 'alan', at));
      await store.update({ id: stranger.id }, { name: `${at}` }, by('ada', at));
    }
    await store.rotate({ id: key.id }, successor(), by('ada', 3));
    const filter: Omit<ActivityQuery, 'limit'> = {
      ...{ owner, keyId: key.id, action: 'key.updated', actorId: 'ada' },
      ...{ from: START + 2, to: START + 6 },
    };
    for (const limit of [1, 2, 100]) {
      const names = (await events(subject, { ...filter, limit })).map(({ change }) => change?.name);
      assertEqual(names, ['5', '3'], `the names that the events hold, in pages of ${limit}`);
    }
  },

  'rejects a cursor that no page gave': async (subject) => {
    const { store, owner } = subject;
    await putMany(subject, 3);
    const keys = await store.list({ owner, limit: 1, now: START });
    for (const cursor of [...NOT_CURSORS, keys.cursor ?? 'none']) {
      const work = store.listActivity({ owner, limit: 2, cursor });
      await assertRejects(work, 'invalid_argument', `listActivity from ${JSON.stringify(cursor)}`);
    }
  },
};

/** Seven events of every action, by several actors. */
async function putLog(subject: Subject) {
  const { store, owner } = subject;
  const by = (id: string) => trace({ actor: { id } });
  const key = await put(subject, { createdBy: { id: 'ada' } });
  const next = successor();
  await store.update({ id: key.id }, { name: 'n' }, by('Ada'));
  await store.rotate({ id: key.id }, next, by('ada'));
  await store.update({ id: next.id }, { name: 'm' }, by('alan'));
  await store.revoke({ id: key.id }, by('grace'));
  await put(subject, { createdBy: { id: 'leaver' } });
  await store.eraseActor(owner, 'leaver', by('grace'));
  return { key, next };
}

function events(
  { other, owner }: Subject,
  filter: Partial<ActivityQuery>,
): Promise<ActivityEvent[]> {
  return drain((cursor) => other.listActivity({ owner, limit: 100, ...filter, ...cursor }));
}

async function assertActions(
  subject: Subject,
  filter: Partial<ActivityQuery>,
  expected: readonly ActivityAction[],
): Promise<void> {
  for (const limit of [1, 100]) {
    const actions = (await events(subject, { ...filter, limit })).map(({ action }) => action);
    assertEqual(actions, expected, `the actions for ${JSON.stringify({ ...filter, limit })}`);
  }
}
