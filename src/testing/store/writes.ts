import type { StoredKey } from '../../record.ts';
import type { Attribution } from '../../rules/attribution.ts';
import { Changes } from '../../rules/changes.ts';
import { keyEvent, ownerEvent } from '../../rules/events.ts';
import type { Draft } from '../../rules/rule.ts';
import { sealDraft } from '../../rules/seal.ts';
import type { Change, ChangeScope, CommitResult, KeyStore } from '../../store.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import type { Subject } from './subject.ts';

type Place = Pick<Subject, 'store' | 'owner'>;

/** Seals a draft on the head that the scope shows. */
export async function changeOn(scope: ChangeScope, owner: string, draft: Draft): Promise<Change> {
  const { head } = await scope.view({ kind: 'owner', owner });
  return sealDraft(owner, head, draft);
}

/** Commits a draft, and fails unless it is committed. */
export async function write(scope: ChangeScope, owner: string, draft: Draft): Promise<Change> {
  const change = await changeOn(scope, owner, draft);
  assertStatus(await scope.commit(change), 'committed');
  return change;
}

export function assertStatus(
  { status }: CommitResult,
  expected: CommitResult['status'],
  what = 'commit',
): void {
  assertEqual(status, expected, `the status of ${what}`);
}

/** A draft that adds keys, with one event each. */
export function addDraft(...keys: readonly StoredKey[]): Draft {
  return {
    added: keys,
    events: keys.map((key) =>
      keyEvent('key.created', key, trace({ at: key.createdAt, actor: key.createdBy })),
    ),
  };
}

/** A draft that changes a key, with one event. */
export function changeDraft(before: StoredKey, after: StoredKey, by: Attribution = trace()): Draft {
  return {
    changed: [{ before, after }],
    events: [keyEvent('key.updated', before, by)],
    purged: [before.id],
  };
}

/** A draft of an event without a key. */
export function eventDraft(owner: string, by: Attribution = trace()): Draft {
  return { events: [ownerEvent('activity.erased', owner, by)] };
}

/** Adds a key of the check's owner. */
export async function put(
  { store, owner }: Place,
  overrides: Partial<StoredKey> = {},
): Promise<StoredKey> {
  const key = Object.freeze(storedKey({ owner, ...overrides }));
  await write(store, key.owner, addDraft(key));
  return key;
}

/** Adds named keys with `add`, one after the other. */
export async function putNamed(
  store: KeyStore,
  keys: Readonly<Record<string, Partial<StoredKey>>>,
  add: (overrides: Partial<StoredKey>) => Promise<StoredKey>,
): Promise<void> {
  let createdAt = START;
  for (const [name, { lastUsedAt, ...overrides }] of Object.entries(keys)) {
    const { id } = await add({ name, createdAt: createdAt++, ...overrides });
    if (lastUsedAt !== undefined) await store.recordUsage(new Map([[id, lastUsedAt]]));
  }
}

/** Adds keys in one change, created a millisecond apart. */
export async function putMany({ store, owner }: Place, count: number): Promise<StoredKey[]> {
  const keys = Array.from({ length: count }, (_, i) => storedKey({ owner, createdAt: START + i }));
  await write(store, owner, addDraft(...keys));
  return keys;
}

/** Changes fields of a key, and returns the expected key. */
export async function alter(
  { store }: Pick<Subject, 'store'>,
  before: StoredKey,
  fields: Partial<StoredKey>,
): Promise<StoredKey> {
  const after = { ...before, ...fields };
  await write(store, before.owner, changeDraft(before, after));
  return after;
}

/** Makes changes like a service, but with a longer time-out for slow databases. */
export function changesOf(store: KeyStore): Changes {
  return new Changes(store, { viewTimeoutMs: 30_000 });
}
