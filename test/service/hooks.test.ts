import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { runInNewContext } from 'node:vm';
import { createApiKeys, generateToken, type KeywrightEvent, memoryStore } from 'keywright';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actor, format, makeKey, newKey, START, setUp, wrong } from '../support.ts';

const CHANNEL = 'keywright:event';
const unhandled = vi.fn();

beforeEach(() => {
  process.on('unhandledRejection', unhandled);
});

afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
});

/** A key for each reason, and the header that presents it. */
async function presented() {
  const service = setUp();
  const { keys, store } = service;
  const good = await makeKey(keys, { scopes: ['read'] });
  const revoked = await makeKey(keys);
  const expired = await makeKey(keys);
  await keys.update(expired.record.id, { expiresAt: START }, { actor });
  const disabled = await makeKey(keys);
  const environment = await makeKey(keys, { environment: 'test' });
  await keys.revoke(revoked.record.id, { actor });
  await keys.update(disabled.record.id, { enabled: false }, { actor });
  service.events.length = 0;
  return { ...service, store, good, cases: { revoked, expired, disabled, environment } };
}

describe('onEvent', () => {
  it('receives a success with the key', async () => {
    const { keys, events, good } = await presented();
    await keys.verify(good.token);
    await keys.authenticate(`Bearer ${good.token}`);
    const event = {
      type: 'verified',
      at: START,
      keyId: good.record.id,
      owner: 'org_1',
      environment: 'live',
    };
    expect(events).toEqual([event, event]);
  });

  it('receives the precise reason of a refusal, with the key if the token matched one', async () => {
    const { keys, events, cases } = await presented();
    for (const [reason, { token, record }] of Object.entries(cases)) {
      events.length = 0;
      await keys.verify(token);
      await keys.authenticate([`Bearer ${token}`]);
      const { id: keyId, owner, environment } = record;
      const event = { type: 'refused', at: START, reason, keyId, owner, environment };
      expect(events).toEqual([event, event]);
    }
  });

  it.each<[string, string | string[] | undefined]>([
    ['absent', undefined],
    ['absent', ''],
    ['repeated', ['Bearer a', 'Bearer a']],
    ['scheme', 'Basic a'],
    ['malformed', 'Bearer a'],
    ['unknown', `Bearer ${generateToken(format, 'live')}`],
  ])('is told that a credential is %s, and no more', async (reason, header) => {
    const { keys, events } = await presented();
    await keys.authenticate(header);
    expect(events).toEqual([{ type: 'refused', at: START, reason }]);
  });

  it('receives a lacking scope once, and not as a success', async () => {
    const { keys, events, good } = await presented();
    await keys.authenticate(`Bearer ${good.token}`, { scopes: ['read', 'write'] });
    expect(events).toEqual([
      {
        type: 'refused',
        at: START,
        reason: 'insufficient_scope',
        keyId: good.record.id,
        owner: 'org_1',
        environment: 'live',
      },
    ]);
  });

  it('receives the error of the store', async () => {
    const { keys, events, good, store } = await presented();
    const error = new Error('connection reset');
    vi.spyOn(store, 'findByDigest').mockRejectedValueOnce(error);
    await keys.verify(good.token);
    expect(events).toEqual([{ type: 'refused', at: START, reason: 'unavailable', error }]);
  });

  it('receives no changes, which the activity log holds', async () => {
    const { keys, events, good } = await presented();
    await keys.rotate(good.record.id, { actor });
    await keys.revokeAll({ owner: 'org_1', actor });
    await keys.flush();
    expect(events).toEqual([]);
  });
});

describe('a failing hook', () => {
  const failure = new Error('log is full');
  const hooks: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw failure;
      },
    ],
    ['rejects', () => Promise.reject(failure)],
    [
      'rejects later',
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        throw failure;
      },
    ],
    ['never settles', () => new Promise(() => {})],
    [
      'rejects with a promise of another realm',
      () => runInNewContext('Promise.reject(new Error("log is full"))'),
    ],
    [
      'gives a thenable that throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
        then() {
          throw failure;
        },
      }),
    ],
    ['throws nothing', () => Promise.reject()],
  ];

  it.each(hooks)('changes no answer if it %s', async (_, onEvent) => {
    const store = memoryStore();
    const { token } = await makeKey(setUp({ store }).keys);
    const watched = createApiKeys({ format, environments: ['live'], store, onEvent });
    const silent = createApiKeys({ format, environments: ['live'], store });
    const unknown = generateToken(format, 'live');
    expect(await watched.verify(token)).toEqual(await silent.verify(token));
    expect(await watched.verify(unknown)).toEqual(await silent.verify(unknown));
    for (const header of [`Bearer ${token}`, 'Bearer a', undefined]) {
      expect(await watched.authenticate(header)).toEqual(await silent.authenticate(header));
    }
    await watched.flush();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('the diagnostics channel', () => {
  const heard: unknown[] = [];
  const listener = (event: unknown) => heard.push(event);

  afterEach(() => {
    unsubscribe(CHANNEL, listener);
    heard.length = 0;
  });

  it('carries the same events, with a hook and without', async () => {
    const store = memoryStore();
    const { keys, events } = setUp({ store });
    const { token } = await makeKey(keys);
    const silent = createApiKeys({
      format,
      environments: ['live'],
      store,
      clock: { now: () => START },
    });
    subscribe(CHANNEL, listener);
    await keys.verify(token);
    await silent.verify(token);
    await silent.verify('nonsense');
    expect(heard).toEqual([
      events[0],
      events[0],
      { type: 'refused', at: START, reason: 'malformed' },
    ]);
  });

  it('reaches subscribers from before and after the service was made', async () => {
    subscribe(CHANNEL, listener);
    const { keys } = setUp();
    await keys.verify('nonsense');
    unsubscribe(CHANNEL, listener);
    await keys.verify('nonsense');
    subscribe(CHANNEL, listener);
    await keys.verify('nonsense');
    expect(heard).toHaveLength(2);
  });

  it('carries failed flushes', async () => {
    const { keys, store } = setUp({ usageFlushMs: 1 });
    const { token } = await makeKey(keys);
    const error = new Error('connection reset');
    vi.spyOn(store, 'recordUsage').mockRejectedValueOnce(error);
    await keys.verify(token);
    subscribe(CHANNEL, listener);
    await expect.poll(() => heard).toEqual([{ type: 'usage_failed', at: START, error }]);
    await keys.close();
  });

  it('leaves the hook working', async () => {
    const order: string[] = [];
    const onEvent = (event: KeywrightEvent) => order.push(event.type);
    const keys = createApiKeys({ format, environments: ['live'], store: memoryStore(), onEvent });
    subscribe(CHANNEL, listener);
    await keys.verify('nonsense');
    expect([order, heard.length]).toEqual([['refused'], 1]);
  });
});

describe('verify with something other than a token', () => {
  it('reports the mistake, without the token', async () => {
    const { keys, events } = setUp();
    const { secret } = await keys.create(newKey);
    await keys.verify(wrong(secret));
    await keys.verify(`Bearer ${secret.reveal()}`);
    await keys.verify('nonsense');
    expect(events).toMatchObject([
      { reason: 'malformed', error: { message: 'token is a Secret: pass secret.reveal()' } },
      {
        reason: 'malformed',
        error: {
          message: 'token begins with "Bearer": pass the token alone, or use authenticate()',
        },
      },
      { reason: 'malformed' },
    ]);
    expect(events[2]).not.toHaveProperty('error');
  });
});
