import type { StoredKey } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { assertEqual } from '../assert.ts';
import { START, storedKey, successor, trace } from '../fixtures.ts';
import { put, type Subject, stateOf, type Topic } from './subject.ts';

/** What is handed in and out is a copy, or cannot be written to. */
export const isolation: Topic = {
  'keeps nothing that create was given': async (subject) => {
    const { store, owner } = subject;
    const key = fullKey(owner);
    const by = trace({ actor: { id: 'user_1', tags: ['a'] } });
    await store.create(key, by);
    await assertOut(subject, [key, by]);
  },

  'keeps nothing that update was given': async (subject) => {
    const { id } = await put(subject);
    const change = { scopes: ['a'], metadata: { deep: { list: [1] } } };
    const by = trace({ actor: { id: 'user_1', tags: ['a'] } });
    const ref = { id };
    await subject.store.update(ref, change, by);
    await assertOut(subject, [ref, change, by]);
  },

  'keeps nothing that rotate was given': async (subject) => {
    const { id } = await put(subject);
    const next = { ...successor() };
    const by = trace({ actor: { id: 'user_1', tags: ['a'] } });
    await subject.store.rotate({ id }, next, by);
    await assertOut(subject, [next, by]);
  },

  'keeps nothing that revoke, revokeAll and eraseActor were given': async (subject) => {
    const { store, owner } = subject;
    const { id } = await put(subject, { createdBy: { id: 'leaver' } });
    await put(subject);
    const traces = Array.from({ length: 3 }, () => trace({ actor: { id: 'user_1', tags: ['a'] } }));
    const [first = trace(), second = trace(), third = trace()] = traces;
    await store.revoke({ id }, first);
    await store.revokeAll(owner, second);
    await store.eraseActor(owner, 'leaver', third);
    await assertOut(subject, traces);
  },

  'keeps nothing that recordUsage was given': async (subject) => {
    const { id } = await put(subject);
    const usage = new Map([[id, START + 1]]);
    await subject.store.recordUsage(usage);
    const before = await stateOf(subject.other, subject.owner);
    usage.set(id, START + 9);
    assertEqual(await stateOf(subject.other, subject.owner), before, 'what is kept');
  },

  'is not changed through what a mutation gave': async (subject) => {
    const { store, owner } = subject;
    const { id } = await put(subject, fullKey(owner));
    const updated = await store.update({ id }, { metadata: { deep: { list: [2] } } }, trace());
    await assertOut(subject, [updated]);
    await assertOut(subject, [await store.rotate({ id }, successor(), trace())]);
    await assertOut(subject, [await store.revoke({ id }, trace())]);
  },

  'is not changed through what a read gave': async (subject) => {
    const { store, owner } = subject;
    const key = await put(subject, fullKey(owner));
    const keyed: ((handle: KeyStore) => unknown)[] = [
      (handle) => handle.find({ id: key.id }),
      (handle) => handle.findByDigest(key.digest),
      (handle) => handle.list({ owner, limit: 10, now: START }),
    ];
    for (const read of keyed) await assertOut(subject, [await read(store)]);
  },

  'is not changed through the events that a read gave': async (subject) => {
    const { store, owner } = subject;
    const { id } = await put(subject, fullKey(owner));
    await store.update({ id }, { scopes: ['a'], metadata: { deep: { list: [2] } } }, trace());
    await put(subject, { createdBy: { id: 'leaver' } });
    await store.eraseActor(owner, 'leaver', trace());
    await assertOut(subject, [await store.listActivity({ owner, limit: 10 })]);
    await assertOut(subject, [await store.readChain(owner, 0, 10)]);
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

/** Overwrites all that can be written to, and fails if what the store keeps has changed. */
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
