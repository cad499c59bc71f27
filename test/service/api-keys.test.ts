import { inspect } from 'node:util';
import {
  type ApiKeysOptions,
  createApiKeys,
  generateToken,
  memoryStore,
  tokenFormat,
  unauthorized,
} from 'keywright';
import { describe, expect, it, vi } from 'vitest';
import { actor, failureOf, format, makeKey, newKey, setUp, wrong } from '../support.ts';

const options = (): ApiKeysOptions<'live' | 'test'> => ({
  format,
  environments: ['live'],
  store: memoryStore(),
});

describe('createApiKeys', () => {
  it('requires only a format, a store and the accepted environments', async () => {
    const keys = createApiKeys(options());
    const before = Date.now();
    const { secret, record } = await keys.create(newKey);
    expect(secret.reveal()).toMatch(/^prn_live_[0-9A-Za-z]{55}$/);
    expect(record.createdAt).toBeGreaterThanOrEqual(before);
    expect(record.createdAt).toBeLessThanOrEqual(Date.now());
    expect((await keys.verify(secret.reveal())).ok).toBe(true);
    expect(keys.format).toBe(format);
  });

  it('requires no environments for a format of one', async () => {
    const one = tokenFormat({ brand: 'prn', environments: ['live'] });
    const keys = createApiKeys({ format: one, store: memoryStore() });
    const { secret } = await keys.create({ ...newKey, environment: 'live' });
    expect((await keys.verify(secret.reveal())).ok).toBe(true);
  });

  it('rejects a format of several environments without `environments`', () => {
    expect(() => createApiKeys({ format, store: memoryStore() })).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        argument: 'environments',
        message:
          'environments is required, because the format has several: pass ["live"] to accept the keys of ' +
          'one, or format.environments to accept those of all',
      }),
    );
  });

  it('accepts keys of its environments, and creates keys in all', async () => {
    const { keys, store } = setUp();
    const { token } = await makeKey(keys, { environment: 'test' });
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'environment' });
    const staging = createApiKeys({ format, store, environments: ['test'] });
    expect((await staging.verify(token)).ok).toBe(true);
  });

  it('reads no store and draws no random bytes when it is made', () => {
    const store = memoryStore();
    const touched = vi.fn();
    const watched = new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function'
          ? (...args: unknown[]) => {
              touched(name);
              return Reflect.apply(member, target, args);
            }
          : member;
      },
    });
    createApiKeys({ format, environments: ['live'], store: watched, random: touched }).forOwner(
      'org_1',
    );
    expect(touched).not.toHaveBeenCalled();
  });

  it('accepts any object with the methods of a store', async () => {
    class Store {}
    const store = Object.assign(new Store(), memoryStore());
    const { token } = await makeKey(setUp({ store }).keys);
    expect((await createApiKeys({ format, environments: ['live'], store }).verify(token)).ok).toBe(
      true,
    );
  });
});

describe('createApiKeys with wrong options', () => {
  const { findByDigest: _, ...partial } = memoryStore();

  it.each<[string, unknown]>([
    ['options', undefined],
    ['options', null],
    ['options', 'prn'],
    ['options', []],
    ['options', new Map()],
    ['options.stroe', { ...options(), stroe: memoryStore() }],
    ['options.environment', { ...options(), environment: ['live'] }],
    ['options.__proto__', JSON.parse('{"__proto__":{}}')],
    ['format', { ...options(), format: undefined }],
    ['format', { ...options(), format: null }],
    ['format', { ...options(), format: 'prn' }],
    ['format', { ...options(), format: { brand: 'prn', environments: ['live'] } }],
    ['store', { ...options(), store: undefined }],
    ['store', { ...options(), store: null }],
    ['store', { ...options(), store: memoryStore }],
    ['store.findByDigest', { ...options(), store: partial }],
    ['store.findByDigest', { ...options(), store: {} }],
    ['store.recordUsage', { ...options(), store: { ...memoryStore(), recordUsage: undefined } }],
    ['environments', { ...options(), environments: [] }],
    ['environments', { ...options(), environments: 'live' }],
    ['environments', { ...options(), environments: null }],
    ['environments[0]', { ...options(), environments: ['prod'] }],
    ['environments[1]', { ...options(), environments: ['live', undefined] }],
    ['environments[0]', { ...options(), environments: new Array(2) }],
    ['unauthorized', { ...options(), unauthorized: null }],
    ['unauthorized', { ...options(), unauthorized: 'no' }],
    ['unauthorized', { ...options(), unauthorized: [] }],
    ['unauthorized.relm', { ...options(), unauthorized: { relm: 'api' } }],
    ['unauthorized.status', { ...options(), unauthorized: { ...unauthorized(), status: '401' } }],
    ['unauthorized.headers', { ...options(), unauthorized: { status: 401, body: '' } }],
    ['unauthorized.body', { ...options(), unauthorized: { status: 401, headers: {} } }],
    ['unauthorized.body', { ...options(), unauthorized: { ...unauthorized(), body: ['no'] } }],
    ['unauthorized.status', { ...options(), unauthorized: { ...unauthorized(), status: 399 } }],
    ['unauthorized.status', { ...options(), unauthorized: { ...unauthorized(), status: 600 } }],
    ['unauthorized.headers', { ...options(), unauthorized: { ...unauthorized(), headers: [] } }],
    ['realm', { ...options(), unauthorized: { realm: '"' } }],
    ['manageUrl', { ...options(), unauthorized: { manageUrl: 'keys' } }],
    ['message', { ...options(), unauthorized: { message: '' } }],
    ['onEvent', { ...options(), onEvent: 'log' }],
    ['onEvent', { ...options(), onEvent: null }],
    ['refusalMs', { ...options(), refusalMs: -1 }],
    ['refusalMs', { ...options(), refusalMs: 2.5 }],
    ['refusalMs', { ...options(), refusalMs: 1001 }],
    ['storeTimeoutMs', { ...options(), storeTimeoutMs: 0 }],
    ['storeTimeoutMs', { ...options(), storeTimeoutMs: 1.5 }],
    ['storeTimeoutMs', { ...options(), storeTimeoutMs: Number.POSITIVE_INFINITY }],
    ['storeTimeoutMs', { ...options(), storeTimeoutMs: 2 ** 31 }],
    ['storeTimeoutMs', { ...options(), storeTimeoutMs: '2000' }],
    ['usageFlushMs', { ...options(), usageFlushMs: 0 }],
    ['usageFlushMs', { ...options(), usageFlushMs: -1 }],
    ['usageFlushMs', { ...options(), usageFlushMs: 2 ** 31 }],
    ['usageFlushMs', { ...options(), usageFlushMs: null }],
    ['clock.now', { ...options(), clock: {} }],
    ['clock.now', { ...options(), clock: null }],
    ['clock.now', { ...options(), clock: Date.now }],
    ['random', { ...options(), random: crypto }],
    ['random', { ...options(), random: null }],
  ])('name themselves: %s', async (argument, given) => {
    const failure = await failureOf(() => createApiKeys(wrong(given)));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument });
  });

  it('accepts numbers at their bounds', () => {
    for (const ms of [1, 2 ** 31 - 1]) {
      expect(createApiKeys({ ...options(), storeTimeoutMs: ms, usageFlushMs: ms })).toBeDefined();
    }
  });

  it.each<[string, string, unknown]>([
    ['.WWW-Authenticate', 'WWW-Authenticate', 'Bearer realm="Schl\u0105"'],
    ['.WWW-Authenticate', 'WWW-Authenticate', 'Bearer realm="Schl\u00fcssel"'],
    ['.X-Own', 'X-Own', 'a\r\nX-Admin: 1'],
    ['.X-Own', 'X-Own', 'a\n'],
    ['.X-Own', 'X-Own', '\0'],
    ['.X-Own', 'X-Own', '\u007f'],
    ['.X-Own', 'X-Own', 5],
    ['.X-Own', 'X-Own', ['a']],
    ['.X-Own', 'X-Own', undefined],
    ['[…]', 'X Own', 'a'],
    ['[…]', 'X-Own:', 'a'],
    ['[…]', 'X-Own\n', 'a'],
    ['[…]', '', 'a'],
    ['[…]', 'X-Ö', 'a'],
  ])('name the header that no response can have: %s', async (place, name, value) => {
    const headers = { 'Cache-Control': 'no-store', [name]: value };
    const own = wrong({ status: 401, headers, body: '' });
    const failure = await failureOf(() => createApiKeys({ ...options(), unauthorized: own }));
    const argument = `unauthorized.headers${place}`;
    const message = `${argument} must be a header in ASCII`;
    expect(failure).toMatchObject({ code: 'invalid_argument', argument, message });
  });

  it('shows no value in its errors', async () => {
    const token = generateToken(format, 'live');
    for (const name of ['environments', 'unauthorized', 'format', 'store', 'storeTimeoutMs']) {
      const failure = await failureOf(() => createApiKeys({ ...options(), [name]: token }));
      expect(inspect(failure)).not.toContain(token.slice(13, 21));
    }
  });
});

describe('the unauthorized option', () => {
  const refusalOf = async (given: NonNullable<ApiKeysOptions['unauthorized']>) => {
    const result = await createApiKeys({ ...options(), unauthorized: given }).authenticate([]);
    return result.ok ? undefined : result.refusal;
  };

  it('defaults to the refusal of the specification', async () => {
    const result = await createApiKeys(options()).authenticate(undefined);
    expect(result).toEqual({ ok: false, reason: 'absent', refusal: unauthorized() });
  });

  it('builds the refusal from its options', async () => {
    const made = { realm: 'proon', manageUrl: 'https://www.proon.ai/keys' };
    expect(await refusalOf(made)).toEqual(unauthorized(made));
    expect(await refusalOf({ message: 'No.' })).toEqual(unauthorized({ message: 'No.' }));
  });

  it('takes a whole refusal', async () => {
    const own = {
      status: 401,
      headers: { 'Content-Type': 'text/plain', 'WWW-Authenticate': 'Bearer realm="x"' },
      body: 'no',
    };
    expect(await refusalOf(own)).toEqual(own);
  });

  it('accepts every header that a response can have', async () => {
    const headers = { "x!#$%&'*+-.^_`|~9": '', 'X-Own': 'a\tb ~!', ['__proto__']: 'own' };
    const own = { status: 404, headers, body: '' };
    expect(await refusalOf(own)).toEqual(own);
  });

  it('copies the refusal, so that later changes have no effect', async () => {
    const headers = { 'X-Own': '1' };
    const own = { status: 401, headers, body: 'no' };
    const service = createApiKeys({ ...options(), unauthorized: own });
    Object.assign(headers, { 'X-Own': 'a\r\nb', 'X-More': '1' });
    Object.assign(own, { status: 200, headers: {}, body: 'yes' });
    const result = await service.authenticate([]);
    const refusal = { status: 401, headers: { 'X-Own': '1' }, body: 'no' };
    expect(result).toEqual({ ok: false, reason: 'absent', refusal });
    if (result.ok) throw new Error('let in');
    expect(Object.isFrozen(result.refusal)).toBe(true);
    expect(Object.isFrozen(result.refusal.headers)).toBe(true);
  });
});

describe('several services on one store', () => {
  it('see the same keys at once', async () => {
    const store = memoryStore();
    const [first, second] = [setUp({ store }).keys, setUp({ store }).keys];
    const { token, record } = await makeKey(first);
    expect((await second.verify(token)).ok).toBe(true);
    await second.revoke(record.id, { actor });
    expect(await first.verify(token)).toEqual({ ok: false, reason: 'revoked' });
  });
});
