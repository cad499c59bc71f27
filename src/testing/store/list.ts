import type { StoredKey } from '../../record.ts';
import { assert, assertEqual, assertRejects } from '../assert.ts';
import { START } from '../fixtures.ts';
import { drain, listedKeys, type Subject, type Topic, unique } from './subject.ts';
import { alter, put, putMany } from './writes.ts';

const NOT_CURSORS: readonly string[] = ['', 'x', 'null', '{}', '-1', "' OR 1=1 --", '🔑', '1 OR 1'];

export const list: Topic = {
  'returns the newest first, in whatever order keys were added': async (subject) => {
    const times = [START, 9, 100, START + 5, 10, START - 1, 99, START + 4];
    const keys: StoredKey[] = [];
    for (const createdAt of times) keys.push(await put(subject, { createdAt }));
    const expected = keys.sort((a, b) => b.createdAt - a.createdAt);
    assertEqual(await pagesOf(subject, 3), expected, 'list, in pages of 3');
    assertEqual(await pagesOf(subject, 100), expected, 'list, in one page');
  },

  'returns keys of one millisecond by id descending, byte for byte': async (subject) => {
    const prefix = unique('key');
    const ids = ['Z', 'a', '0', '_', 'B', 'b', '9', 'A1', 'A', 'A-', '~'].map(
      (end) => prefix + end,
    );
    for (const id of ids) await put(subject, { id });
    const expected = ids.sort((a, b) => (a < b ? 1 : -1));
    for (const limit of [1, 2, 4, 100]) {
      const listed = await pagesOf(subject, limit);
      assertEqual(
        listed.map(({ id }) => id),
        expected,
        `the ids, in pages of ${limit}`,
      );
    }
  },

  'returns no key of another owner': async (subject) => {
    const keys = await putMany(subject, 3);
    await putMany({ ...subject, owner: unique('org') }, 3);
    assertEqual(await pagesOf(subject, 2), keys.reverse(), 'list');
  },

  'returns as many keys as the limit allows': async (subject) => {
    const { other, owner } = subject;
    const keys = (await putMany(subject, 101)).reverse();
    const first = await other.list({ owner, limit: 1, now: START });
    assertEqual(first.items, keys.slice(0, 1), 'a page of 1');
    const most = await other.list({ owner, limit: 100, now: START });
    assertEqual(most.items, keys.slice(0, 100), 'a page of 100');
    const last = await other.list({ owner, limit: 100, now: START, ...cursorOf(most) });
    assertEqual(last, { items: keys.slice(100) }, 'the page after it');
  },

  'returns a cursor with every page but the last': async (subject) => {
    const { other, owner } = subject;
    await putMany(subject, 4);
    const query = { owner, now: START };
    assert(
      'cursor' in (await other.list({ ...query, limit: 3 })),
      'a page before the last has one',
    );
    assert(!('cursor' in (await other.list({ ...query, limit: 4 }))), 'a full last page has none');
    assert(!('cursor' in (await other.list({ ...query, limit: 5 }))), 'a short last page has none');
    const page = await other.list({ ...query, limit: 2 });
    const last = await other.list({ ...query, limit: 2, ...cursorOf(page) });
    assert(!('cursor' in last), 'a full last page after another has none');
  },

  'is stable while keys are added': async (subject) => {
    const { store, other, owner } = subject;
    const keys = (await putMany(subject, 6)).reverse();
    let added = 0;
    const listed = await drain(async (cursor) => {
      const page = await other.list({ owner, limit: 2, now: START, ...cursor });
      await put({ store, owner }, { createdAt: START + 100 + added++ });
      await put({ store, owner }, { createdAt: keys[0]?.createdAt ?? 0, id: unique('zzz') });
      return page;
    });
    assertEqual(listed, keys, 'list');
  },

  'continues after a key that no longer matches the filter': async (subject) => {
    const { store, other, owner } = subject;
    const keys = (await putMany(subject, 4)).reverse();
    const query = { owner, limit: 2, now: START, state: 'active' as const };
    const page = await other.list(query);
    const last = page.items.at(-1);
    assert(last !== undefined, 'the page has keys');
    await alter({ store }, last, { revokedAt: START });
    const next = await other.list({ ...query, ...cursorOf(page) });
    assertEqual(next.items, keys.slice(2), 'the next page');
  },

  'rejects a cursor that no page returned': async (subject) => {
    const { store, owner } = subject;
    await putMany(subject, 3);
    const log = await store.listActivity({ owner, limit: 1 });
    for (const cursor of [...NOT_CURSORS, log.cursor ?? 'none']) {
      const work = store.list({ owner, limit: 2, now: START, cursor });
      await assertRejects(work, 'invalid_argument', `list from ${JSON.stringify(cursor)}`);
    }
  },

  "returns no key of another owner for another owner's cursor": async (subject) => {
    const { other, owner } = subject;
    const theirs = unique('org');
    await putMany({ ...subject, owner: theirs }, 3);
    await putMany(subject, 3);
    const page = await other.list({ owner: theirs, limit: 1, now: START });
    const query = { owner, limit: 10, now: START, ...cursorOf(page) };
    const { items } = await other.list(query).catch(() => ({ items: [] }));
    assert(
      items.every((key) => key.owner === owner),
      'all keys are of the owner in the query',
    );
  },
};

function cursorOf({ cursor }: { readonly cursor?: string }): { readonly cursor: string } {
  assert(cursor !== undefined, 'the page has a cursor');
  return { cursor };
}

/** Lists all keys of the check's owner, in pages of `limit`. */
function pagesOf({ other, owner }: Subject, limit: number): Promise<StoredKey[]> {
  return listedKeys(other, { owner, limit });
}
