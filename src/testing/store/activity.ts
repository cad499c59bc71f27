import type { ActivityAction, ActivityEvent } from '../../record.ts';
import { keyEvent, ownerEvent } from '../../rules/events.ts';
import type { ActivityQuery } from '../../store.ts';
import { assert, assertEqual, assertRejects } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import { chainOf, drain, type Subject, type Topic, unique } from './subject.ts';
import { eventDraft, put, putMany, write } from './writes.ts';

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
  'returns the events of the chain, newest first': async (subject) => {
    const { other, owner } = subject;
    await putLog(subject);
    const expected = (await chainOf(other, owner)).reverse();
    for (const limit of [1, 2, 3, 100]) {
      assertEqual(await listed(subject, { limit }), expected, `in pages of ${limit}`);
    }
  },

  'follows the order of the changes, whatever their times': async (subject) => {
    const { store, owner } = subject;
    for (const at of [START, START + 5, 9, START - 5, 10, START]) {
      await write(store, owner, eventDraft(owner, trace({ at })));
    }
    const times = (await listed(subject, { limit: 2 })).map(({ at }) => at);
    assertEqual(times, [START, 10, START - 5, 9, START + 5, START], 'the times');
  },

  'returns no event of another owner': async (subject) => {
    await putMany({ ...subject, owner: unique('org') }, 2);
    await putMany(subject, 2);
    await putMany({ ...subject, owner: unique('org') }, 2);
    const owners = (await listed(subject, {})).map(({ owner }) => owner);
    assertEqual(owners, [subject.owner, subject.owner], 'the owners of the events');
  },

  'returns as many events as the limit allows, and a cursor unless it is the last page': async (
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
    const pages = await drain(async (cursor) => {
      const page = await other.listActivity({ owner, limit: 2, ...cursor });
      await put(subject);
      return page;
    });
    assertEqual(pages, expected, 'listActivity');
  },

  'filters by key': async (subject) => {
    const { key, next } = await putLog(subject);
    const actions = ['key.revoked', 'key.rotated', 'key.updated', 'key.created'] as const;
    await assertActions(subject, { keyId: key.id }, actions);
    await assertActions(subject, { keyId: next.id }, ['key.updated']);
    await assertActions(subject, { keyId: unique('key') }, []);
  },

  'filters by action': async (subject) => {
    await putLog(subject);
    await assertActions(subject, { action: 'key.created' }, ['key.created', 'key.created']);
    await assertActions(subject, { action: 'key.updated' }, ['key.updated', 'key.updated']);
    await assertActions(subject, { action: 'key.rotated' }, ['key.rotated']);
    await assertActions(subject, { action: 'key.revoked' }, ['key.revoked']);
    await assertActions(subject, { action: 'activity.erased' }, ['activity.erased']);
  },

  'filters by actor': async (subject) => {
    await putLog(subject);
    await assertActions(subject, { actorId: 'ada' }, ['key.rotated', 'key.created']);
    await assertActions(subject, { actorId: 'ad' }, []);
  },

  'filters from a moment on and before another': async (subject) => {
    const { store, owner } = subject;
    for (const at of [START, START + 1, START + 2, START + 3]) {
      await write(store, owner, eventDraft(owner, trace({ at })));
    }
    const times = async (filter: Partial<ActivityQuery>) =>
      (await listed(subject, filter)).map(({ at }) => at - START);
    assertEqual(await times({ from: START + 1 }), [3, 2, 1], 'from');
    assertEqual(await times({ to: START + 2 }), [1, 0], 'to');
    assertEqual(await times({ from: START + 1, to: START + 2 }), [1], 'from and to');
    assertEqual(await times({ from: START + 2, to: START + 2 }), [], 'from and to at once');
  },

  'returns only events for which all filters hold, in pages of any size': async (subject) => {
    const { store, owner } = subject;
    const [key, stranger] = [storedKey({ owner }), storedKey({ owner })];
    const by = (id: string, at: number) => trace({ actor: { id }, at: START + at });
    const events = [1, 2, 3, 4, 5, 6].flatMap((at) => [
      keyEvent('key.updated', key, by(at % 2 ? 'ada' : 'alan', at), { change: { name: `${at}` } }),
      keyEvent('key.updated', stranger, by('ada', at), { change: { name: `${at}` } }),
    ]);
    await write(store, owner, { events: [...events, keyEvent('key.rotated', key, by('ada', 3))] });
    const filter: Omit<ActivityQuery, 'limit'> = {
      ...{ owner, keyId: key.id, action: 'key.updated', actorId: 'ada' },
      ...{ from: START + 2, to: START + 6 },
    };
    for (const limit of [1, 2, 100]) {
      const names = (await listed(subject, { ...filter, limit })).map(({ change }) => change?.name);
      assertEqual(names, ['5', '3'], `the names that the events hold, in pages of ${limit}`);
    }
  },

  'rejects a cursor that no page returned': async (subject) => {
    const { store, owner } = subject;
    await putMany(subject, 3);
    const keys = await store.list({ owner, limit: 1, now: START });
    for (const cursor of [...NOT_CURSORS, keys.cursor ?? 'none']) {
      const work = store.listActivity({ owner, limit: 2, cursor });
      await assertRejects(work, 'invalid_argument', `listActivity from ${JSON.stringify(cursor)}`);
    }
  },
};

/** Writes seven events by several actors, with every action on keys. */
async function putLog({ store, owner }: Subject) {
  const by = (id: string) => trace({ actor: { id } });
  const [key, next, third] = [storedKey({ owner }), storedKey({ owner }), storedKey({ owner })];
  await write(store, owner, {
    events: [
      keyEvent('key.created', key, by('ada')),
      keyEvent('key.updated', key, by('Ada')),
      keyEvent('key.rotated', key, by('ada'), { successorId: next.id }),
      keyEvent('key.updated', next, by('alan')),
      keyEvent('key.revoked', key, by('grace')),
      keyEvent('key.created', third, by('leaver')),
      ownerEvent('activity.erased', owner, by('grace')),
    ],
  });
  return { key, next };
}

function listed(
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
    const actions = (await listed(subject, { ...filter, limit })).map(({ action }) => action);
    assertEqual(actions, expected, `the actions for ${JSON.stringify({ ...filter, limit })}`);
  }
}
