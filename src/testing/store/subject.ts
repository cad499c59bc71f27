import { EMPTY_HEAD, followsHead, headAfter } from '../../digest/chain.ts';
import type { ActivityEvent, Page, StoredKey, VerifiableKey } from '../../record.ts';
import type { KeyQuery, KeyStore } from '../../store.ts';
import { systemText } from '../../token/random.ts';
import { assert, assertEqual } from '../assert.ts';
import { START } from '../fixtures.ts';

/** The store under test, and what a check needs besides. */
export interface Subject {
  readonly store: KeyStore;
  /** The same data as another process sees it, if the store can be opened twice. */
  readonly other: KeyStore;
  /** An owner that no other check uses. */
  readonly owner: string;
  /** Runs `work` in a transaction of the application. Commits if it resolves, otherwise rolls back. */
  readonly transact: (work: (transaction: unknown) => Promise<void>) => Promise<void>;
  /** Connections that an earlier user left in a bad state. */
  readonly dirty: readonly DirtyConnection[];
  /** How often a race runs. */
  readonly rounds: number;
}

/** A pooled connection that an earlier user left in a bad state. */
export interface DirtyConnection {
  /** The state, such as `an open transaction with an old snapshot`. */
  readonly name: string;
  /**
   * Puts a connection into the state, and returns a store that uses this connection next. Called before
   * each checked operation.
   */
  readonly open: () => Promise<KeyStore> | KeyStore;
  /** A key that exists only in the wrong database or schema, and must not be found. */
  readonly stranger?: StoredKey;
}

export type Check = (subject: Subject) => Promise<void>;

/** Checks by what they verify, as a sentence whose subject is the topic. */
export type Topic = Readonly<Record<string, Check>>;

/** Returns a text that no other check uses. */
export function unique(kind: string): string {
  return `${kind}_${systemText(16)}`;
}

/** Reads a key, and fails if it does not exist. */
export async function keptKey(store: KeyStore, id: string): Promise<StoredKey> {
  const key = await store.find({ id });
  assert(key !== undefined, `the key ${id} is found`);
  return key;
}

const VERIFIABLE: readonly (keyof VerifiableKey)[] = [
  ...(['id', 'digest', 'name', 'owner', 'environment', 'scopes', 'metadata'] as const),
  ...(['enabled', 'expiresAt', 'revokedAt', 'replacedBy', 'replacedAt'] as const),
];

/** Fails unless the digest finds the fields of the key that a verification needs, or nothing. */
export async function assertFound(
  store: KeyStore,
  digest: string,
  expected: StoredKey | undefined,
  claim: string,
): Promise<void> {
  const found = await store.findByDigest(digest);
  assertEqual(found && verifiable(found), expected && verifiable(expected), claim);
}

function verifiable(key: VerifiableKey): Partial<VerifiableKey> {
  const fields = VERIFIABLE.filter((field) => Object.hasOwn(key, field));
  return Object.fromEntries(fields.map((field) => [field, key[field]]));
}

/** Lists all keys of an owner that match the query, page by page. */
export function listedKeys(
  store: KeyStore,
  query: Partial<KeyQuery> & { readonly owner: string },
): Promise<StoredKey[]> {
  return drain((cursor) => store.list({ limit: 100, now: START, ...query, ...cursor }));
}

/** Reads all items of a listing, page by page. */
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

/** Reads the owner's whole chain, oldest first. Fails unless it is unbroken and ends with the head. */
export async function chainOf(store: KeyStore, owner: string): Promise<ActivityEvent[]> {
  const events: ActivityEvent[] = [];
  let last = EMPTY_HEAD;
  for (;;) {
    const read = await store.readChain(owner, last.sequence, 500);
    for (const event of read) {
      assertEqual(event.sequence, last.sequence + 1, 'sequences have no gap');
      assert(followsHead(last, event), `event ${event.sequence} follows the previous one`);
      last = headAfter(event);
    }
    events.push(...read);
    if (read.length === 0) break;
  }
  assertEqual(await store.head(owner), last, 'the head is the newest event');
  return events;
}

/** Reads all data of an owner, which must be the same after a change that failed. */
export async function stateOf(store: KeyStore, owner: string) {
  return { keys: await listedKeys(store, { owner }), events: await chainOf(store, owner) };
}

/** Fails unless `work` leaves all data of the owners unchanged, as both handles see it. */
export async function assertUnchanged(
  { store, other }: Pick<Subject, 'store' | 'other'>,
  owners: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const states = (handle: KeyStore) => Promise.all(owners.map((owner) => stateOf(handle, owner)));
  const before = await states(other);
  await work();
  assertEqual(await states(other), before, 'nothing has changed');
  assertEqual(await states(store), before, 'nothing has changed, on the handle of the change');
}
