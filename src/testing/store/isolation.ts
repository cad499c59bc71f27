import { eraseEvent } from '../../digest/chain.ts';
import type { StoredKey } from '../../record.ts';
import { keyEvent } from '../../rules/events.ts';
import type { KeyStore } from '../../store.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import { chainOf, type Subject, stateOf, type Topic } from './subject.ts';
import { addDraft, changeOn, eventDraft, put, write } from './writes.ts';

/** Arguments and results are copies, or cannot be written to. */
export const isolation: Topic = {
  'keeps no reference to the arguments of commit': async (subject) => {
    const { store, owner } = subject;
    const added = fullKey(owner);
    const addition = await changeOn(store, owner, addDraft(added));
    await store.commit(addition);
    await assertOut(subject, [addition]);
    const before = await put(subject, fullKey(owner));
    const after = { ...before, scopes: ['a'], metadata: { deep: { list: [2] } } };
    const change = { scopes: ['a'], metadata: { deep: { list: [2] } } };
    const by = trace({ actor: { id: 'user_1', tags: ['a'] } });
    const events = [keyEvent('key.updated', before, by, { change })];
    const replacement = await changeOn(store, owner, { changed: [{ before, after }], events });
    await store.commit(replacement);
    await assertOut(subject, [replacement]);
  },

  'keeps no reference to the arguments of an erasure': async (subject) => {
    const { store, other, owner } = subject;
    await put(subject);
    const erased = (await chainOf(other, owner)).map(eraseEvent);
    const erasure = await changeOn(store, owner, { ...eventDraft(owner), erased });
    await store.commit(erasure);
    await assertOut(subject, [erasure]);
  },

  'keeps no reference to the arguments of recordUsage': async (subject) => {
    const { id } = await put(subject);
    const usage = new Map([[id, START + 1]]);
    await subject.store.recordUsage(usage);
    const before = await stateOf(subject.other, subject.owner);
    usage.set(id, START + 9);
    assertEqual(await stateOf(subject.other, subject.owner), before, 'what is kept');
  },

  'does not change through keys that a read returned': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject, fullKey(owner));
    const reads: ((handle: KeyStore) => unknown)[] = [
      (handle) => handle.find({ id: key.id }),
      (handle) => handle.findByDigest(key.digest),
      (handle) => handle.list({ owner, limit: 10, now: START }),
      (handle) => handle.view({ kind: 'key', id: key.id }),
      (handle) => handle.view({ kind: 'unrevoked', owner }),
    ];
    for (const read of reads) await assertOut(subject, [await read(store)]);
  },

  'does not change through events that a read returned': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject, fullKey(owner));
    const change = { scopes: ['a'], metadata: { deep: { list: [2] } } };
    await write(store, owner, { events: [keyEvent('key.updated', key, trace(), { change })] });
    const [first] = await store.readChain(owner, 0, 1);
    if (first) await write(store, owner, { ...eventDraft(owner), erased: [eraseEvent(first)] });
    await assertOut(subject, [await store.listActivity({ owner, limit: 10 })]);
    await assertOut(subject, [await store.readChain(owner, 0, 10)]);
    await assertOut(subject, [await store.view({ kind: 'actor', owner, actorId: 'user_1' })]);
    await assertOut(subject, [await store.head(owner), await store.head('nobody')]);
  },
};

function fullKey(owner: string): StoredKey {
  return storedKey({
    owner,
    scopes: ['b', 'a'],
    metadata: { deep: { list: [1, { x: 2 }] } },
    createdBy: { id: 'user_1', tags: ['a'] },
  });
}

/** Overwrites all writable members of the values. Fails if that changes the data of the store. */
async function assertOut({ store, other, owner }: Subject, values: unknown[]): Promise<void> {
  const before = JSON.stringify(await stateOf(other, owner));
  for (const value of values) overwrite(value);
  const after = await stateOf(store, owner);
  assertEqual(JSON.parse(JSON.stringify(after)), JSON.parse(before), 'what is kept');
}

function overwrite(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'object') overwrite(member);
    else Reflect.set(value, name, typeof member === 'number' ? member + 1 : 'overwritten');
  }
  Reflect.set(value, 'added', 'by the caller');
  if (Array.isArray(value)) Reflect.set(value, 'length', 0);
}
