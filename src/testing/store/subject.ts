import { EMPTY_HEAD, followsHead, headAfter, type UnsealedEvent } from '../../digest/chain.ts';
import type { ActivityEvent, Page, StoredKey } from '../../record.ts';
import type { KeyQuery, KeyStore } from '../../store.ts';
import { systemText } from '../../token/random.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';

/** A store while a check runs on it. */
export interface Subject {
  readonly store: KeyStore;
  /** The same data as another process sees it, where the store can be opened twice. */
  readonly other: KeyStore;
  /** An owner that no other check uses. */
  readonly owner: string;
  /** Runs `work` in a transaction of the host: committed if it resolves, rolled back if not. */
  readonly transact: (work: (transaction: unknown) => Promise<void>) => Promise<void>;
  /** How often a race is run. */
  readonly rounds: number;
}

export type Check = (subject: Subject) => Promise<void>;

/** Checks by what they see to, as a sentence whose subject is the topic. */
export type Topic = Readonly<Record<string, Check>>;

/** Text that no other check uses. */
export function unique(kind: string): string {
  return `${kind}_${systemText(16)}`;
}

/** Adds a key of the check's owner. */
export async function put(
  { store, owner }: Pick<Subject, 'store' | 'owner'>,
  overrides: Partial<StoredKey> = {},
): Promise<StoredKey> {
  const key = Object.freeze(storedKey({ owner, ...overrides }));
  await store.create(key, trace({ at: key.createdAt, actor: key.createdBy }));
  return key;
}

/** Adds keys, the one after the other, a millisecond apart. */
export async function putMany(subject: Subject, count: number): Promise<StoredKey[]> {
  const keys: StoredKey[] = [];
  for (let i = 0; i < count; i++) keys.push(await put(subject, { createdAt: START + i }));
  return keys;
}

/** The key as the store has it, which must be there. */
export async function keptKey(store: KeyStore, id: string): Promise<StoredKey> {
  const key = await store.find({ id });
  assert(key !== undefined, `the key ${id} is found`);
  return key;
}

/** All of an owner's keys that pass the query, page by page. */
export function listedKeys(
  store: KeyStore,
  query: Partial<KeyQuery> & { readonly owner: string },
): Promise<StoredKey[]> {
  return drain((cursor) => store.list({ limit: 100, now: START, ...query, ...cursor }));
}

/** All items of a listing, page by page. */
export async function drain<Item>(
  read: (cursor: { readonly cursor?: string }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let page = await read({});
  items.push(...page.items);
  for (let pages = 1; page.cursor !== undefined; pages++) {
    assert(pages < 200, 'a listing ends');
    page = await read({ cursor: page.cursor });
    items.push(...page.items);
  }
  return items;
}

/** The owner's whole chain, oldest first; fails unless each event follows and the head ends it. */
export async function chainOf(store: KeyStore, owner: string): Promise<ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  let last = EMPTY_HEAD;
  for (;;) {
    const read = await store.readChain(owner, last.sequence, 100);
    for (const event of read) {
      assertEqual(event.sequence, last.sequence + 1, 'sequences have no hole');
      assert(followsHead(last, event), `event ${event.sequence} follows the one before`);
      last = headAfter(event);
    }
    events.push(...read);
    if (read.length === 0) break;
  }
  assertEqual(await store.head(owner), last, 'the head is the newest event');
  return events;
}

/** The events without their place in the chain. */
export function unsealed(events: readonly ActivityEvent[]): UnsealedEvent[] {
  return events.map(({ id: _id, sequence: _sequence, salt: _salt, ...facts }) => facts);
}

/** The owner's events about one key, oldest first, without their place in the chain. */
export async function eventsAbout(store: KeyStore, key: StoredKey): Promise<UnsealedEvent[]> {
  const events = await chainOf(store, key.owner);
  return unsealed(events.filter(({ keyId }) => keyId === key.id));
}

/** All that the store holds of an owner: what must be the same after a change that failed. */
export async function stateOf(store: KeyStore, owner: string) {
  return { keys: await listedKeys(store, { owner }), events: await chainOf(store, owner) };
}

/** Fails unless `work` leaves everything of the owners as it was, seen through both handles. */
export async function assertUnchanged(
  { store, other }: Pick<Subject, 'store' | 'other'>,
  owners: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const states = () => Promise.all(owners.map((owner) => stateOf(other, owner)));
  const before = await states();
  await work();
  assertEqual(await states(), before, 'everything is left as it was');
  assertEqual(
    await Promise.all(owners.map((owner) => stateOf(store, owner))),
    before,
    'everything is left as it was, on the handle of the change',
  );
}
