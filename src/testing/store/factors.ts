import type { FactorDocument, FactorRef } from '../../record.ts';
import type { FactorStore, KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, trace } from '../fixtures.ts';
import { chainOf, put, type Subject, stateOf, type Topic, unique, unsealed } from './subject.ts';
import { HOSTILE_TEXTS, LOOKALIKES } from './texts.ts';

/** The document of a second factor, which is compared and set. */
export const factors: Topic = {
  'are absent before they are written, and for anybody else': async ({ store, other, owner }) => {
    const ref = { owner, actorId: 'user_1' };
    assertEqual(await factorsOf(other).read(ref), undefined, 'read');
    await writeFactor(store, ref, 'one');
    for (const missing of [
      { owner, actorId: 'user_2' },
      { owner: unique('org'), actorId: 'user_1' },
      { owner: 'user_1', actorId: owner },
    ]) {
      assertEqual(await factorsOf(other).read(missing), undefined, 'read of another');
    }
  },

  'leave one event each, whose sequence is their version': async (subject) => {
    const { store, other, owner } = subject;
    await put(subject);
    const ref = { owner, actorId: 'user_1' };
    const by = { at: START + 7, actor: { id: 'user_1', role: 'admin' }, reason: 'lost' };
    const first = { seen: undefined, value: 'one', action: 'factor.begun' } as const;
    assertEqual(await factorsOf(store).write(ref, first, by), true, 'write');
    assertEqual(await factorsOf(other).read(ref), { version: 2, value: 'one' }, 'read');
    const second = { seen: 2, value: 'two', action: 'factor.enrolled' } as const;
    assertEqual(await factorsOf(store).write(ref, second, by), true, 'write, again');
    assertEqual(await factorsOf(other).read(ref), { version: 3, value: 'two' }, 'read, again');
    const events = unsealed((await chainOf(other, owner)).slice(1));
    const expected = ['factor.begun', 'factor.enrolled'].map((action) => ({
      ...by,
      action,
      owner,
    }));
    assertEqual(events, expected, 'the events');
  },

  'hold hostile text verbatim': async ({ store, other, owner }) => {
    for (const text of HOSTILE_TEXTS) {
      for (const ref of [
        { owner, actorId: text },
        { owner: `${owner}${text}`, actorId: 'user_1' },
      ]) {
        const { version } = await writeFactor(store, ref, text);
        assertEqual(await factorsOf(other).read(ref), { version, value: text }, 'read');
      }
    }
  },

  'hold the longest text that is allowed': async ({ store, other }) => {
    const longest = { owner: '🔑'.repeat(255), actorId: `${unique('u')}`.padEnd(255, 'é') };
    const value = 'v'.repeat(16_384);
    const { version } = await writeFactor(store, longest, value);
    assertEqual(await factorsOf(other).read(longest), { version, value }, 'read');
  },

  'are told apart byte for byte': async ({ store, other, owner }) => {
    for (const [one, two] of LOOKALIKES) {
      const first = { owner: `${owner}${one}`, actorId: one };
      await writeFactor(store, first, 'first');
      for (const ref of [
        { owner: first.owner, actorId: two },
        { owner: `${owner}${two}`, actorId: one },
      ]) {
        assertEqual(await factorsOf(other).read(ref), undefined, 'read of a lookalike');
        await writeFactor(store, ref, 'second');
      }
      assertEqual((await documentOf(other, first)).value, 'first', 'what was written first');
    }
  },

  'are written on the version that was seen, and on no other': async (subject) => {
    const { store, other, owner } = subject;
    const ref = { owner, actorId: 'user_1' };
    await assertStale(subject, ref, [0, 1, 7]);
    const { version } = await writeFactor(store, ref, 'one');
    await assertStale(subject, ref, [undefined, 0, version - 1, version + 1]);
    const next = await writeFactor(store, ref, 'two');
    await assertStale(subject, ref, [undefined, version, next.version + 1]);
    assertEqual(await factorsOf(other).read(ref), next, 'read');
  },

  'are taken away, and no version comes again': async (subject) => {
    const { store, other, owner } = subject;
    const ref = { owner, actorId: 'user_1' };
    const beside = { owner, actorId: 'user_2' };
    const kept = await writeFactor(store, beside, 'kept');
    const { version } = await writeFactor(store, ref, 'one');
    await takeAway(store, ref);
    assertEqual(await factorsOf(other).read(ref), undefined, 'read');
    assertEqual((await chainOf(other, owner)).at(-1)?.action, 'factor.disabled', 'the event');
    await assertStale(subject, ref, [0, version]);
    const again = await writeFactor(store, ref, 'two');
    assert(again.version > version + 1, 'the version is a later one');
    await assertStale(subject, ref, [undefined, version]);
    assertEqual(await factorsOf(other).read(beside), kept, 'the document beside it');
  },

  'go with their actor when that is erased, and no others do': async (subject) => {
    const { store, other, owner } = subject;
    const theirs = unique('org');
    const gone = { owner, actorId: 'leaver' };
    const { version } = await writeFactor(store, gone, 'one');
    const others = [
      { owner, actorId: 'stayer' },
      { owner: theirs, actorId: 'leaver' },
    ];
    const kept = await Promise.all(others.map((ref) => writeFactor(store, ref, 'kept')));
    const events = (await chainOf(other, owner)).length;
    await store.eraseActor(owner, 'leaver', trace({ actor: { id: 'stayer' } }));
    assertEqual(await factorsOf(other).read(gone), undefined, 'read of the one that is erased');
    assertEqual((await chainOf(other, owner)).length, events + 1, 'the number of events');
    const left = await Promise.all(others.map((ref) => factorsOf(other).read(ref)));
    assertEqual(left, kept, 'read of the others');
    await assertStale(subject, gone, [version]);
  },

  'keep nothing that they were given, and give nothing that can be changed': async (subject) => {
    const { store, other, owner } = subject;
    const ref = { owner, actorId: 'user_1' };
    const change = { seen: undefined, value: 'one', action: 'factor.begun' } as const;
    const by = trace({ actor: { id: 'user_1', tags: ['a'] } });
    const copies = structuredClone({ ref, change, by });
    await factorsOf(store).write(copies.ref, copies.change, copies.by);
    const before = await chainOf(other, owner);
    Object.assign(copies.ref, { owner: 'changed', actorId: 'changed' });
    Object.assign(copies.change, { value: 'changed', action: 'factor.reset' });
    Object.assign(copies.by.actor, { id: 'changed' });
    const document = await documentOf(store, ref);
    Reflect.set(document, 'value', 'changed');
    Reflect.set(document, 'version', 99);
    assertEqual(await factorsOf(other).read(ref), { version: 1, value: 'one' }, 'read');
    assertEqual(await chainOf(store, owner), before, 'the events');
  },
};

/** For a store without them. */
export const noFactors: Topic = {
  'are not offered': async ({ store }) => {
    assertEqual(store.factors, undefined, 'factors');
  },
};

export function factorsOf(store: KeyStore): FactorStore {
  assert(store.factors !== undefined, 'the store has a place for second factors');
  return store.factors;
}

/** Writes a document in the place of what is there, and gives it as it is then read. */
export async function writeFactor(
  store: KeyStore,
  ref: FactorRef,
  value: string,
): Promise<FactorDocument> {
  const seen = (await factorsOf(store).read(ref))?.version;
  const change = { seen, value, action: 'factor.passed' } as const;
  assert(await factorsOf(store).write(ref, change, trace()), 'write succeeds');
  const written = await documentOf(store, ref);
  assertEqual(written.value, value, 'what was written');
  return written;
}

async function documentOf(store: KeyStore, ref: FactorRef): Promise<FactorDocument> {
  const document = await factorsOf(store).read(ref);
  assert(document !== undefined, 'there is a document');
  return document;
}

async function takeAway(store: KeyStore, ref: FactorRef): Promise<void> {
  const { version } = await documentOf(store, ref);
  const change = { seen: version, value: undefined, action: 'factor.disabled' } as const;
  assert(await factorsOf(store).write(ref, change, trace()), 'taking it away succeeds');
}

/** Fails unless writes that have seen any of these versions are refused, and change nothing. */
async function assertStale(
  { store, other }: Subject,
  ref: FactorRef,
  versions: readonly (number | undefined)[],
): Promise<void> {
  const state = async () => [await factorsOf(other).read(ref), await stateOf(other, ref.owner)];
  const before = await state();
  for (const seen of versions) {
    for (const value of ['stale', undefined]) {
      const change = { seen, value, action: 'factor.passed' } as const;
      assertEqual(await factorsOf(store).write(ref, change, trace()), false, `write on ${seen}`);
    }
  }
  assertEqual(await state(), before, 'everything is left as it was');
}
