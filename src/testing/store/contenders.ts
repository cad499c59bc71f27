import { hasCode } from '../../errors.ts';
import type { ActivityAction, ActivityEvent, StoredKey } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { type Check, chainOf, type Subject } from './subject.ts';

/** Runs the check as often as the subject asks for. */
export function repeated(check: Check): Check {
  return async (subject) => {
    for (let round = 0; round < subject.rounds; round++) await check(subject);
  };
}

/** Begins the work for each item at once, on both handles in turn, and gives the results. */
export function atOnce<Item, Result>(
  { store, other }: Pick<Subject, 'store' | 'other'>,
  items: readonly Item[],
  work: (handle: KeyStore, item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(items.map((item, i) => work(i % 2 === 0 ? store : other, item, i)));
}

/** Begins them all at once; fails unless one succeeds and all others reject with `digest_taken`. */
export async function assertOneTaken<Item>(
  subject: Subject,
  items: readonly Item[],
  work: (handle: KeyStore, item: Item) => Promise<unknown>,
): Promise<void> {
  const outcomes = await atOnce(subject, items, async (handle, item) => {
    try {
      await work(handle, item);
      return 'done';
    } catch (error) {
      assert(hasCode(error, 'digest_taken'), `the loser rejects with digest_taken, not ${error}`);
      return 'taken';
    }
  });
  assertEqual(outcomes.filter((outcome) => outcome === 'done').length, 1, 'the number of winners');
}

/** The events of an action on any of the keys, oldest first, from a chain that is whole. */
export async function eventsOf(
  { other, owner }: Subject,
  keys: readonly StoredKey[],
  action: ActivityAction,
): Promise<ActivityEvent[]> {
  const ids = new Set(keys.map(({ id }) => id));
  const events = await chainOf(other, owner);
  return events.filter((event) => event.action === action && ids.has(event.keyId ?? ''));
}
