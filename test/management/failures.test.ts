import { createApiKeys, type KeyStore, memoryStore } from 'keywright';
import {
  ALL_ACTIONS,
  type Authorization,
  createManagement,
  type ManagementOptions,
} from 'keywright/management';
import { describe, expect, it, vi } from 'vitest';
import { failureOf, format, wrong } from '../support.ts';
import { authorize, BASE, mount, requestOf } from './support.ts';

const newKey = { name: 'Zapier production', environment: 'live' };
const keys = createApiKeys({ format, environments: ['live'], store: memoryStore() });

describe('createManagement', () => {
  it.each<[string, Partial<ManagementOptions>]>([
    ['keys', { keys: wrong({}) }],
    ['keys', { keys: wrong(undefined) }],
    ['authorize', { authorize: wrong(undefined) }],
    ['authorize', { authorize: wrong({ actor: { id: 'user_1' }, owner: 'org_1' }) }],
    ['basePath', { basePath: 'app' }],
    ['basePath', { basePath: '/app/' }],
    ['basePath', { basePath: '/' }],
    ['basePath', { basePath: '/a//b' }],
    ['basePath', { basePath: '/a?b' }],
    ['origins[0]', { origins: ['https://app.example.com/'] }],
    ['origins[1]', { origins: ['https://app.example.com', '*'] }],
    ['origins[0]', { origins: ['app.example.com'] }],
    ['origins[0]', { origins: ['null'] }],
    ['quota', { quota: 0 }],
    ['quota', { quota: 1.5 }],
    ['stepUp.check', { stepUp: wrong({}) }],
    ['brand.name', { brand: { name: '' } }],
    ['brand.docsUrl', { brand: { name: 'ProoN', docsUrl: 'javascript:alert(1)' } }],
    ['brand.apiUrl', { brand: { name: 'ProoN', apiUrl: '/v1' } }],
    ['brand.apiUrl.live', { brand: { name: 'ProoN', apiUrl: { live: '/v1' } } }],
    ['brand.apiUrl.prod', { brand: { name: 'ProoN', apiUrl: { prod: 'https://a.example' } } }],
    ['defaultExpiryMs', { defaultExpiryMs: 0 }],
    ['brand.logo', { brand: wrong({ name: 'ProoN', logo: 'x' }) }],
    ['texts.title', { texts: wrong({ title: 1 }) }],
    ['onError', { onError: wrong('console') }],
    ['clock.now', { clock: wrong({}) }],
    ['options.quotas', wrong({ quotas: 5 })],
  ])('refuses a wrong option and names it: %s', async (argument, option) => {
    const error = await failureOf(() => createManagement({ keys, authorize, ...option }));
    expect(error).toMatchObject({ code: 'invalid_argument', argument });
  });

  it('refuses to be without a callback for the session', async () => {
    const error = await failureOf(() => createManagement(wrong({ keys })));
    expect(error).toMatchObject({ code: 'invalid_argument', argument: 'authorize' });
  });
});

describe('a session that the host cannot tell', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('no database');
      },
    ],
    ['is no object', () => wrong('user_1')],
    ['has no owner', () => wrong({ actor: { id: 'user_1' }, actions: ['read'] })],
    [
      'has an empty owner',
      () => ({ actor: { id: 'user_1' }, owner: '', actions: ['read'] as const }),
    ],
    ['has no actor', () => wrong({ owner: 'org_1', actions: ['read'] })],
    ...[
      ['an OAuth claim', 'orders:read-only'],
      ['a set', new Set(['orders:read'])],
      ['an object', { 'orders:read': true }],
      ['an array with a number', ['orders:read', 7]],
      ['null', null],
    ].flatMap(([what, value]): [string, () => Authorization][] =>
      ['scopes', 'actions'].map((part) => [
        `has ${what} for ${part}`,
        () =>
          wrong({ actor: { id: 'user_1' }, owner: 'org_1', actions: ALL_ACTIONS, [part]: value }),
      ]),
    ),
    ['has an unknown action', () => wrong({ actor: { id: 'u' }, owner: 'o', actions: ['delete'] })],
    ['has an actor without an id', () => wrong({ actor: {}, owner: 'org_1', actions: ['read'] })],
  ])('opens nothing, and is told to the host: it %s', async (_what, callback) => {
    const { call, errors } = await mount({ authorize: callback });
    const answer = await call('GET', '/api/keys');
    expect(answer).toMatchObject({ status: 500, json: { error: 'internal' } });
    expect(answer.text).not.toContain('database');
    expect(errors).toHaveLength(1);
  });

  it.each([undefined, null])('is none where the callback gives %s', async (nobody) => {
    const { call, errors } = await mount({ authorize: async () => nobody });
    expect(await call('GET', '/api/keys')).toMatchObject({ status: 401 });
    expect(errors).toEqual([]);
  });
});

describe('a store that fails', () => {
  const failing = (name: keyof KeyStore): KeyStore => ({
    ...memoryStore(),
    [name]: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')),
  });

  it.each<[keyof KeyStore, string, string, object?]>([
    ['list', 'GET', '/api/keys'],
    ['listActivity', 'POST', '/api/keys', newKey],
    ['commit', 'POST', '/api/keys', newKey],
    ['find', 'GET', '/api/keys/key_1'],
    ['find', 'POST', '/api/keys/key_1/rotate', {}],
    ['view', 'PATCH', '/api/keys/key_1', { name: 'x' }],
    ['view', 'POST', '/api/keys/key_1/revoke', {}],
    ['view', 'POST', '/api/keys/revoke-all', {}],
    ['listActivity', 'GET', '/api/activity'],
    ['listActivity', 'GET', '/api/activity/export'],
  ])('to %s answers 503 to %s %s, and says nothing of itself', async (name, method, path, json) => {
    const { call, errors } = await mount({}, { store: failing(name) });
    const answer = await call(method, path, { json });
    expect(answer).toMatchObject({ status: 503, json: { error: 'unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.text).not.toContain('ECONNREFUSED');
    // A change says what became of it, with the store's own error as the cause.
    const roots = errors.map((error) => (error as Error).cause ?? error);
    expect(roots).toMatchObject([{ message: 'connect ECONNREFUSED 10.0.0.7:5432' }]);
  });

  it('and is late answers 503 too', async () => {
    const store = { ...memoryStore(), find: () => new Promise<never>(() => {}) };
    const { call } = await mount({}, { store, storeTimeoutMs: 20 });
    expect(await call('GET', '/api/keys/key_1')).toMatchObject({ status: 503 });
  });

  it('holds up nobody for good', async () => {
    vi.useFakeTimers();
    try {
      const store = { ...memoryStore(), commit: () => new Promise<never>(() => {}) };
      const { call } = await mount({}, { store });
      void call('POST', '/api/keys', { json: newKey });
      const second = call('POST', '/api/keys', { json: newKey });
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await second).toMatchObject({ status: 503 });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('onError', () => {
  it('changes no answer by what it throws', async () => {
    const { call } = await mount({
      authorize: () => wrong(1),
      onError: () => {
        throw new Error('the logger is broken');
      },
    });
    expect(await call('GET', '/api/keys')).toMatchObject({ status: 500 });
  });

  it('is the console where nothing else is said', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      const management = createManagement({ keys, authorize: () => wrong(1), basePath: BASE });
      await management(requestOf('GET', `${BASE}/api/keys`));
      expect(log).toHaveBeenCalledTimes(1);
    } finally {
      log.mockRestore();
    }
  });

  it('is told of no refusal', async () => {
    const { call, errors } = await mount();
    await call('GET', '/api/keys', { as: null });
    await call('GET', '/api/keys/key_1');
    await call('POST', '/api/keys', { json: {} });
    expect(errors).toEqual([]);
  });
});
