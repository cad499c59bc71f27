import type { FactorRef } from '../../record.ts';
import type { KeyStore } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { storedKey, trace } from '../fixtures.ts';
import { atOnce, repeated } from './contenders.ts';
import { factorsOf, writeFactor } from './factors.ts';
import { chainOf, type Subject, type Topic, unique } from './subject.ts';

const CONTENDERS = Array.from({ length: 8 }, (_, i) => i);

/** What makes a code good for one of those who present it at the same time. */
export const factorRaces: Topic = {
  'of first writes have one winner': repeated(async (subject) => {
    await assertOneWinner(subject, { owner: unique('org'), actorId: 'user_1' }, undefined);
  }),

  'of writes on one version have one winner': repeated(async (subject) => {
    const ref = { owner: unique('org'), actorId: 'user_1' };
    const { version } = await writeFactor(subject.store, ref, 'before');
    await assertOneWinner(subject, ref, version);
  }),

  'of counters that go by what they read lose nothing': repeated(async (subject) => {
    const { store, other } = subject;
    const ref = { owner: unique('org'), actorId: 'user_1' };
    await writeFactor(store, ref, '0');
    await atOnce(subject, CONTENDERS, (handle) => count(handle, ref));
    const total = (await factorsOf(other).read(ref))?.value;
    assertEqual(total, String(CONTENDERS.length), 'the count');
    assertEqual((await chainOf(other, ref.owner)).length, 1 + CONTENDERS.length, 'the events');
  }),

  'of factors and keys of one owner keep the chain whole': repeated(async (subject) => {
    const owner = unique('org');
    const change = { seen: undefined, value: 'one', action: 'factor.begun' } as const;
    await atOnce(subject, CONTENDERS, async (handle, i) => {
      const ref = { owner, actorId: `user_${i}` };
      if (i % 3 === 0) await handle.create(storedKey({ owner }), trace());
      else assert(await factorsOf(handle).write(ref, change, trace()), 'write succeeds');
    });
    assertEqual((await chainOf(subject.other, owner)).length, CONTENDERS.length, 'the events');
  }),

  'of a write and an erasure leave no document of before': repeated(async (subject) => {
    const { store, other } = subject;
    const ref = { owner: unique('org'), actorId: 'leaver' };
    const { version } = await writeFactor(store, ref, 'before');
    const change = { seen: version, value: 'after', action: 'factor.passed' } as const;
    await Promise.all([
      factorsOf(store).write(ref, change, trace()),
      other.eraseActor(ref.owner, ref.actorId, trace({ actor: { id: 'stayer' } })),
    ]);
    assertEqual(await factorsOf(other).read(ref), undefined, 'read');
    await chainOf(other, ref.owner);
  }),
};

/** Fails unless one of those that write at once succeeds, and its document is what is kept. */
async function assertOneWinner(subject: Subject, ref: FactorRef, seen: number | undefined) {
  const { other } = subject;
  const before = (await chainOf(other, ref.owner)).length;
  const outcomes = await atOnce(subject, CONTENDERS, (handle, i) => {
    const change = { seen, value: `by ${i}`, action: 'factor.passed' } as const;
    return factorsOf(handle).write(ref, change, trace());
  });
  assertEqual(outcomes.filter(Boolean).length, 1, 'the number of winners');
  const kept = { version: before + 1, value: `by ${outcomes.indexOf(true)}` };
  assertEqual(await factorsOf(other).read(ref), kept, 'what is kept');
  assertEqual((await chainOf(other, ref.owner)).length, before + 1, 'the number of events');
}

/** Adds one to the number in the document, however often others are faster. */
async function count(handle: KeyStore, ref: FactorRef): Promise<void> {
  for (let attempt = 0; attempt <= CONTENDERS.length; attempt++) {
    const read = await factorsOf(handle).read(ref);
    const value = String(Number(read?.value) + 1);
    const change = { seen: read?.version, value, action: 'factor.passed' } as const;
    if (await factorsOf(handle).write(ref, change, trace())) return;
  }
  assert(false, 'each refusal means that another has written');
}
