import { pause } from '../../clock.ts';
import { eraseEvent } from '../../digest/chain.ts';
import type { StoredKey } from '../../record.ts';
import { ownerEvent } from '../../rules/events.ts';
import type { View } from '../../store.ts';
import { assert, assertEqual } from '../assert.ts';
import { START, storedKey, trace } from '../fixtures.ts';
import { repeated } from './contenders.ts';
import { chainOf, type Subject, type Topic, unique } from './subject.ts';
import { addDraft, alter, put, putMany, write } from './writes.ts';

/** Views, on which changes are decided. */
export const view: Topic = {
  'of an owner shows only the head': async (subject) => {
    const { other, owner } = subject;
    await assertView(subject, await other.view({ kind: 'owner', owner }), {});
    await putMany(subject, 2);
    await assertView(subject, await other.view({ kind: 'owner', owner }), {});
  },

  'of a key shows it and its successor': async (subject) => {
    const { store, other, owner } = subject;
    const key = await put(subject);
    for (const ref of [{ id: key.id }, { id: key.id, owner }]) {
      const alone = await other.view({ kind: 'key', ...ref });
      await assertView(subject, alone, { keys: [key] });
    }
    const next = storedKey({ owner, replaces: key.id });
    const links = { replacedBy: next.id, replacedAt: START };
    await write(store, owner, addDraft(next));
    const replaced = await alter(subject, key, links);
    const view = await other.view({ kind: 'key', id: key.id });
    await assertView(subject, view, { keys: [replaced, next] });
    const revoked = await alter(subject, next, { revokedAt: START });
    const again = await other.view({ kind: 'key', id: key.id, owner });
    await assertView(subject, again, { keys: [replaced, revoked] });
    const last = await other.view({ kind: 'key', id: next.id });
    await assertView(subject, last, { keys: [revoked] });
  },

  'of all keys shows those that are not revoked, of that owner only': async (subject) => {
    const { other, owner } = subject;
    await putMany({ ...subject, owner: unique('org') }, 2);
    const keys = await putMany(subject, 250);
    keys.push(await put(subject, { enabled: false }), await put(subject, { expiresAt: 1 }));
    const [first = storedKey()] = keys;
    await alter(subject, first, { revokedAt: 0 });
    const view = await other.view({ kind: 'unrevoked', owner });
    await assertView(subject, sorted(view), { keys: keys.slice(1).sort(byId) });
  },

  'of an actor shows their keys, events and factor, of that owner only': async (subject) => {
    const { store, other, owner } = subject;
    const leaver = { id: unique('leaver') };
    const theirs = unique('org');
    await put({ store, owner: theirs }, { createdBy: leaver });
    await put(subject);
    const keys = [await put(subject, { createdBy: leaver })];
    keys.push(await put(subject, { createdBy: leaver, revokedAt: START }));
    await write(store, owner, { events: [ownerEvent('factor.begun', owner, trace())] });
    const factor = { actorId: leaver.id, value: 'document' };
    const begun = ownerEvent('factor.begun', owner, trace({ actor: leaver }));
    await write(store, owner, { events: [begun], factor });
    const before = await chainOf(other, owner);
    const [erased] = before.filter(({ actor }) => actor.id === leaver.id);
    assert(erased !== undefined, 'the actor has events');
    await write(store, owner, { erased: [eraseEvent(erased)], events: [begun] });
    const events = (await chainOf(other, owner)).filter(({ actor }) => actor.id === leaver.id);
    assertEqual(events.length, 3, 'the number of events that are not erased');
    const view = await other.view({ kind: 'actor', owner, actorId: leaver.id });
    const document = { version: before.length, value: 'document' };
    await assertView(subject, sorted(view), { keys: keys.sort(byId), events, factor: document });
    const nobody = await other.view({ kind: 'actor', owner, actorId: unique('user') });
    await assertView(subject, nobody, {});
  },

  'of a second factor shows its document': async (subject) => {
    const { store, other, owner } = subject;
    const begun = { events: [ownerEvent('factor.begun', owner, trace())] };
    await write(store, owner, { ...begun, factor: { actorId: 'user_1', value: 'one' } });
    const factor = { version: 1, value: 'one' };
    const view = await other.view({ kind: 'factor', owner, actorId: 'user_1' });
    await assertView(subject, view, { factor });
    const nobody = await other.view({ kind: 'factor', owner, actorId: 'user_2' });
    await assertView(subject, nobody, {});
  },

  'shows no key that is older than its head': repeated(async (subject) => {
    const { store, other } = subject;
    const owner = unique('org');
    const first = await put({ store, owner }, { metadata: { sequence: 1 } });
    let isOver = false;
    const read = async () => {
      while (!isOver) {
        const { head, keys } = await other.view({ kind: 'key', id: first.id });
        const { sequence } = keys[0]?.metadata ?? {};
        const isNew = typeof sequence === 'number' && sequence >= head.sequence;
        assert(isNew, `with head ${head.sequence}, the key is that of ${sequence}`);
        await pause(0);
      }
    };
    const change = async () => {
      let key = first;
      for (let sequence = 2; sequence <= 12; sequence++) {
        key = await alter({ store }, key, { metadata: { sequence } });
      }
    };
    const reads = [read(), read(), read()];
    await Promise.all([...reads, change().finally(() => (isOver = true))]);
  }),
};

/** Fails unless the view is as expected. Members left out of `expected` must be empty or absent. */
async function assertView({ other, owner }: Subject, view: View, expected: Partial<View>) {
  const head = await other.head(owner);
  assertEqual(view, { head, keys: [], events: [], ...expected }, 'view');
}

function sorted(view: View): View {
  const events = [...view.events].sort((one, two) => one.sequence - two.sequence);
  return { ...view, keys: [...view.keys].sort(byId), events };
}

function byId(one: StoredKey, two: StoredKey): number {
  return one.id < two.id ? -1 : 1;
}
