import type { KeywrightError } from 'keywright';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  actor,
  asOwnerKeys,
  contentsOf,
  failureOf,
  makeKey,
  newKey,
  setUp,
  wrong,
} from '../support.ts';
import { badCalls } from './bad-input.ts';

/** What every change begins with and ends with. */
const CHANGE = ['view', 'commit'] as const;

const views = {
  createApiKeys: () => {
    const service = setUp();
    return { ...service, view: asOwnerKeys(service.keys, 'org_1') };
  },
  forOwner: () => {
    const service = setUp();
    return { ...service, view: service.keys.forOwner('org_1') };
  },
};

describe.each(Object.entries(views))('wrong arguments to what %s gives', (_, make) => {
  it.each(Object.entries(badCalls))(
    'are named by %s, which then has done nothing',
    async (_operation, calls) => {
      const { view, store, keys } = make();
      const { record, token } = await makeKey(keys);
      const before = await contentsOf(store);
      const reached = CHANGE.map((name) => vi.spyOn(store, name));
      const unexpected: string[] = [];
      for (const [place, [argument, call]] of calls.entries()) {
        const failure = await failureOf(() => call(view, record.id)).catch((error) => error);
        const { code, argument: named, message } = failure as KeywrightError;
        if (code === 'invalid_argument' && named === argument && message.startsWith(argument))
          continue;
        unexpected.push(`${argument}, call ${place}: ${message}`);
      }
      expect(unexpected).toEqual([]);
      for (const method of reached) expect(method).not.toHaveBeenCalled();
      vi.restoreAllMocks();
      expect(await contentsOf(store)).toEqual(before);
      expect((await keys.verify(token)).ok).toBe(true);
    },
  );

  it('rejects wrong arguments, and never throws', () => {
    const { view } = make();
    const undone = [
      () => view.create(wrong(undefined)),
      () => view.get(wrong(undefined)),
      () => view.list(wrong({ limit: 0 })),
      () => view.update(wrong(0), wrong(0), wrong(0)),
      () => view.rotate(wrong(0), wrong(0)),
      () => view.revoke(wrong(0), wrong(0)),
      () => view.revokeAll(wrong({})),
      () => view.activity(wrong({ limit: 0 })),
      () => view.verifyActivity(wrong({ expectedHead: 0 })),
    ];
    for (const call of undone) {
      const outcome: unknown = call();
      expect(outcome).toBeInstanceOf(Promise);
      (outcome as Promise<unknown>).catch(() => {});
    }
  });
});

describe('arguments that are no objects at all', () => {
  const service = setUp();
  const { keys } = service;
  const mine = keys.forOwner('org_1');

  it.each<[string, (value: never) => unknown]>([
    ['create', (value) => keys.create(value)],
    ['list', (value) => keys.list(value)],
    ['revokeAll', (value) => keys.revokeAll(value)],
    ['activity', (value) => keys.activity(value)],
    ['verifyActivity', (value) => keys.verifyActivity(value)],
    ['eraseActor', (value) => keys.eraseActor(value)],
    ['forOwner', (value) => keys.forOwner(value)],
    ['create of an owner', (value) => mine.create(value)],
    ['list of an owner', (value) => mine.list(value ?? null)],
    ['revokeAll of an owner', (value) => mine.revokeAll(value)],
    ['activity of an owner', (value) => mine.activity(value ?? null)],
    ['verifyActivity of an owner', (value) => mine.verifyActivity(value ?? null)],
    ['a requirement', (value) => keys.authenticate('Bearer a', value ?? null)],
  ])('are refused by %s', async (_, call) => {
    for (const value of [undefined, null, 5, true, [], new Map()]) {
      const failure = await failureOf(() => call(wrong(value)));
      expect(failure).toMatchObject({ name: 'KeywrightError', code: 'invalid_argument' });
    }
    expect(await contentsOf(service.store)).toEqual({ keys: [], events: [] });
  });
});

describe('the owner', () => {
  const bad = [
    undefined,
    null,
    '',
    ' ',
    'x'.repeat(256),
    'a\0',
    'a\nb',
    '\ud800',
    5,
    {},
    ['org_1'],
  ];
  const { keys, store } = setUp();

  beforeEach(() => {
    vi.restoreAllMocks();
  });

  it.each<[string, (owner: never) => unknown]>([
    ['create', (owner) => keys.create({ ...newKey, owner })],
    ['list', (owner) => keys.list({ owner })],
    ['revokeAll', (owner) => keys.revokeAll({ owner, actor })],
    ['activity', (owner) => keys.activity({ owner })],
    ['verifyActivity', (owner) => keys.verifyActivity({ owner })],
    ['eraseActor', (owner) => keys.eraseActor({ owner, actorId: 'user_1', actor })],
    ['forOwner', (owner) => keys.forOwner(owner)],
  ])('is checked by %s', async (_, call) => {
    const reached = CHANGE.map((name) => vi.spyOn(store, name));
    for (const owner of bad) {
      const failure = await failureOf(() => call(wrong(owner)));
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'owner' });
    }
    for (const method of reached) expect(method).not.toHaveBeenCalled();
  });
});

describe('fields that do not exist', () => {
  const { keys } = setUp();
  const owner = 'org_1';

  it.each<[string, () => unknown]>([
    ['key.ownr', () => keys.create({ ...newKey, ...{ ownr: owner } })],
    ['filter.stat', () => keys.list({ owner, ...{ stat: 'active' } })],
    ['options.reasn', () => keys.revokeAll({ owner, actor, ...{ reasn: 'leaked' } })],
    ['filter.acton', () => keys.activity({ owner, ...{ acton: 'key.created' } })],
    ['options.head', () => keys.verifyActivity({ owner, ...{ head: {} } })],
    ['erasure.actr', () => keys.eraseActor({ owner, actorId: 'a', actor, ...{ actr: actor } })],
    ['options.scope', () => keys.authenticate('Bearer a', wrong({ scope: ['read'] }))],
    ['options[…]', () => keys.authenticate('Bearer a', wrong({ 'not a name': 1 }))],
  ])('are refused: %s', async (argument, call) => {
    expect(await failureOf(call)).toMatchObject({ code: 'invalid_argument', argument });
  });
});
