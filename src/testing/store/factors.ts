import type { FactorDocument, FactorRef } from '../../record.ts';
import { ownerEvent } from '../../rules/events.ts';
import type { Draft } from '../../rules/rule.ts';
import type { ChangeScope } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { trace } from '../fixtures.ts';
import { chainOf, type Topic, unique } from './subject.ts';
import { HOSTILE_TEXTS, LOOKALIKES } from './texts.ts';
import { put, write } from './writes.ts';

/** The documents of second factors. */
export const factors: Topic = {
  'are absent before they are written, and for other actors and owners': async ({
    store,
    other,
    owner,
  }) => {
    const ref = { owner, actorId: 'user_1' };
    assertEqual(await factorOf(other, ref), undefined, 'before');
    await putFactor(store, ref, 'one');
    for (const missing of [
      { owner, actorId: 'user_2' },
      { owner: unique('org'), actorId: 'user_1' },
      { owner: 'user_1', actorId: owner },
    ]) {
      assertEqual(await factorOf(other, missing), undefined, 'the factor of another');
    }
  },

  'have the sequence of their event as version': async (subject) => {
    const { store, other, owner } = subject;
    await put(subject);
    const ref = { owner, actorId: 'user_1' };
    await putFactor(store, ref, 'one');
    assertEqual(await factorOf(other, ref), { version: 2, value: 'one' }, 'the first');
    await putFactor(store, ref, 'two');
    assertEqual(await factorOf(other, ref), { version: 3, value: 'two' }, 'the second');
    assertEqual((await chainOf(other, owner)).length, 3, 'the number of events');
  },

  'hold hostile text verbatim': async ({ store, other, owner }) => {
    for (const text of HOSTILE_TEXTS) {
      for (const ref of [
        { owner, actorId: text },
        { owner: `${owner}${text}`, actorId: 'user_1' },
      ]) {
        await putFactor(store, ref, text);
        assertEqual((await factorOf(other, ref))?.value, text, 'the document');
      }
    }
  },

  'hold the longest text that is allowed': async ({ store, other }) => {
    const ref = { owner: '🔑'.repeat(255), actorId: unique('u').padEnd(255, 'é') };
    const value = 'v'.repeat(16_384);
    await putFactor(store, ref, value);
    assertEqual((await factorOf(other, ref))?.value, value, 'the document');
  },

  'are distinguished byte for byte': async ({ store, other, owner }) => {
    for (const [one, two] of LOOKALIKES) {
      const first = { owner: `${owner}${one}`, actorId: one };
      await putFactor(store, first, 'first');
      for (const ref of [
        { owner: first.owner, actorId: two },
        { owner: `${owner}${two}`, actorId: one },
      ]) {
        assertEqual(await factorOf(other, ref), undefined, 'the factor of a lookalike');
        await putFactor(store, ref, 'second');
      }
      assertEqual((await factorOf(other, first))?.value, 'first', 'the first document');
    }
  },

  'are deleted, and no others are': async ({ store, other, owner }) => {
    const ref = { owner, actorId: 'user_1' };
    const others = [
      { owner, actorId: 'user_2' },
      { owner: unique('org'), actorId: 'user_1' },
    ];
    for (const beside of others) await putFactor(store, beside, 'kept');
    await putFactor(store, ref, 'one');
    await putFactor(store, ref, undefined);
    assertEqual(await factorOf(other, ref), undefined, 'the deleted document');
    await putFactor(store, ref, undefined);
    for (const beside of others) {
      assertEqual((await factorOf(other, beside))?.value, 'kept', 'the document beside it');
    }
    await putFactor(store, ref, 'two');
    assertEqual((await factorOf(other, ref))?.value, 'two', 'a new document');
  },

  'do not change through arguments and results': async ({ store, other, owner }) => {
    const ref = { owner, actorId: 'user_1' };
    const change = await putFactor(store, ref, 'one');
    Reflect.set(change.factor?.document ?? {}, 'value', 'changed');
    const document = await factorOf(store, ref);
    assert(document !== undefined, 'there is a document');
    Reflect.set(document, 'value', 'changed');
    Reflect.set(document, 'version', 99);
    assertEqual(await factorOf(other, ref), { version: 1, value: 'one' }, 'the document');
  },
};

/** The second factor of an actor, as a view shows it. */
export async function factorOf(
  scope: ChangeScope,
  ref: FactorRef,
): Promise<FactorDocument | undefined> {
  return (await scope.view({ kind: 'factor', ...ref })).factor;
}

/** A draft that writes or deletes a document, with one event. */
export function factorDraft({ owner, actorId }: FactorRef, value: string | undefined): Draft {
  return {
    events: [ownerEvent('factor.passed', owner, trace({ actor: { id: actorId } }))],
    factor: { actorId, value },
  };
}

function putFactor(scope: ChangeScope, ref: FactorRef, value: string | undefined) {
  return write(scope, ref.owner, factorDraft(ref, value));
}
