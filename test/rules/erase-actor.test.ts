import { EMPTY_HEAD, eraseEvent } from 'keywright/store-kit';
import { storedKey, successor, trace } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { eraseActorRule } from '../../src/rules/erase-actor.ts';
import { keyEvent, ownerEvent } from '../../src/rules/events.ts';
import { rotateRule } from '../../src/rules/rotate.ts';
import { headOf, sealDraft } from '../../src/rules/seal.ts';
import { updateRule } from '../../src/rules/update.ts';
import { contentsOf } from '../support.ts';
import { AT, rulesOn } from './support.ts';

const LEAVER = { id: 'leaver', name: 'Ada Leaver' };
const by = trace({ at: AT, actor: { id: 'stayer' }, reason: 'asked for' });

describe('eraseActorRule', () => {
  it('erases events, keys and second factor of the view, with one event', async () => {
    const key = storedKey({ createdBy: LEAVER });
    const event = keyEvent('key.created', key, trace({ actor: LEAVER }));
    const { events } = sealDraft('org_1', EMPTY_HEAD, { events: [event] });
    const factor = { version: 1, value: 'document' };
    const rule = eraseActorRule('org_1', LEAVER.id, by);
    const decision = await rule.decide({ head: EMPTY_HEAD, keys: [key], events, factor });
    expect(decision).toEqual({
      result: 1,
      draft: {
        events: [{ ...by, action: 'activity.erased', owner: 'org_1' }],
        changed: [{ before: key, after: { ...key, createdBy: { id: '[erased]' } } }],
        erased: events.map(eraseEvent),
        factor: { actorId: LEAVER.id, value: undefined },
      },
    });
    expect(rule.isBulk).toBe(true);
  });

  it('leaves its event though there is nothing to erase', async () => {
    const rule = eraseActorRule('org_1', 'nobody', by);
    const { result, draft } = await rule.decide({ head: EMPTY_HEAD, keys: [], events: [] });
    expect(result).toBe(0);
    expect(draft).toEqual({
      events: [{ ...by, action: 'activity.erased', owner: 'org_1' }],
      changed: [],
      erased: [],
    });
  });

  it('leaves nothing of the actor in the store, and what others did', async () => {
    const { put, changes, store } = rulesOn();
    const key = await put({ name: 'Key of Leaver', createdBy: LEAVER });
    const stayed = await put({ createdBy: { id: 'stayer' } });
    const leaving = trace({ actor: LEAVER, reason: 'Leaver wants it' });
    await changes.make(updateRule(key, { metadata: { contact: 'Leaver' } }, leaving));
    await changes.make(rotateRule(key, () => successor(), leaving));
    await changes.make(updateRule(key, { name: 'renamed', metadata: {} }, by));
    const { result } = await changes.make(eraseActorRule('org_1', LEAVER.id, by));
    expect(result).toBe(3);
    const { keys, events } = await contentsOf(store);
    expect(events.map(({ erased }) => erased !== undefined)).toEqual([
      ...[true, false, true, true],
      ...[false, false],
    ]);
    expect(keys.filter(({ createdBy }) => createdBy.id === '[erased]')).toHaveLength(2);
    expect(keys.find(({ id }) => id === stayed.id)).toEqual(stayed);
    const again = await changes.make(eraseActorRule('org_1', LEAVER.id, by));
    expect(again.result).toBe(0);
    const erasedActor = await changes.make(eraseActorRule('org_1', '[erased]', by));
    expect(erasedActor.result).toBe(0);
  });
});

describe('sealDraft', () => {
  const event = ownerEvent('activity.erased', 'org_1', trace());

  it('gives events their places after the head', () => {
    const change = sealDraft('org_1', EMPTY_HEAD, { events: [event, event] });
    expect(change.events.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(headOf(change)).toEqual({ sequence: 2, digest: change.events[1]?.id });
    const [one, two] = change.events;
    expect(one?.salt).toMatch(/^[0-9A-Za-z]{22}$/);
    expect(one?.salt).not.toBe(two?.salt);
  });

  it('leaves the head where there is no event', () => {
    const change = sealDraft('org_1', EMPTY_HEAD, {});
    expect(change).toEqual({
      ...{ owner: 'org_1', head: EMPTY_HEAD, events: [] },
      ...{ added: [], changed: [], erased: [], purged: [] },
    });
    expect(headOf(change)).toBe(EMPTY_HEAD);
  });

  it('gives a second factor the sequence of the newest event as version', () => {
    const factor = { actorId: 'user_1', value: 'v' };
    const change = sealDraft('org_1', EMPTY_HEAD, { events: [event, event], factor });
    expect(change.factor).toEqual({ actorId: 'user_1', document: { version: 2, value: 'v' } });
    const deleted = sealDraft('org_1', EMPTY_HEAD, { factor: { ...factor, value: undefined } });
    expect(deleted.factor).toEqual({ actorId: 'user_1', document: undefined });
  });
});
