import { digestToken, generateToken, type StoredKey } from 'keywright';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refuseScopes } from '../src/service/handle.ts';
import { format, makeKey, START, setUp, wrong } from './support.ts';

const unhandled = vi.fn();

beforeEach(() => {
  process.on('unhandledRejection', unhandled);
});

afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
  vi.restoreAllMocks();
});

/** A service whose store answers look-ups as given, with a key that it really holds. */
async function withLookUp(findByDigest: (digest: string) => unknown) {
  const service = setUp();
  const { token, record } = await makeKey(service.keys);
  const real = service.store.findByDigest;
  vi.spyOn(service.store, 'findByDigest').mockImplementation(wrong(findByDigest));
  return { ...service, token, record, real };
}

const failure = new Error('connection reset');

describe('verify with a failing store', () => {
  it.each<[string, () => unknown]>([
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
        await new Promise((resolve) => setTimeout(resolve, 5));
        throw failure;
      },
    ],
    [
      'gives a thenable that rejects',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
        then: (_: unknown, reject: (error: Error) => void) => reject(failure),
      }),
    ],
    [
      'gives a thenable that throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about
        then: () => {
          throw failure;
        },
      }),
    ],
  ])('is unavailable: it %s', async (_, findByDigest) => {
    const { keys, token, events } = await withLookUp(findByDigest);
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'unavailable' });
    expect(events).toEqual([
      { type: 'refused', at: expect.any(Number), reason: 'unavailable', error: failure },
    ]);
  });

  it.each([undefined, null, 'down', 0])(
    'fails as unavailable if the store throws %j',
    async (thrown) => {
      const { keys, token } = await withLookUp(() => Promise.reject(thrown));
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'unavailable' });
    },
  );

  it('answers 503 with `Retry-After`', async () => {
    const { keys, token } = await withLookUp(() => Promise.reject(failure));
    const result = await keys.authenticate(`Bearer ${token}`);
    expect(result).toMatchObject({
      ok: false,
      reason: 'unavailable',
      refusal: { status: 503, headers: { 'Retry-After': '1', 'Cache-Control': 'no-store' } },
    });
    expect(JSON.stringify(result)).not.toContain('connection reset');
  });

  it('succeeds again once the store does', async () => {
    const { keys, token, store, real } = await withLookUp(() => Promise.reject(failure));
    expect((await keys.verify(token)).ok).toBe(false);
    vi.mocked(store.findByDigest).mockImplementation(real);
    expect((await keys.verify(token)).ok).toBe(true);
  });
});

describe('verify with a store that returns nonsense', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a promise of undefined', Promise.resolve(undefined)],
    ['a promise of null', Promise.resolve(null)],
    ['false', false],
    ['a text', 'key'],
    ['an empty object', {}],
    ['a record without a digest', { id: 'key_1', enabled: true, environment: 'live' }],
    ['a record with a number for a digest', { digest: 0, enabled: true, environment: 'live' }],
    ['a record with bytes for a digest', { digest: Buffer.alloc(64, 'a'), enabled: true }],
    ['a record with an empty digest', { digest: '', enabled: true, environment: 'live' }],
  ])('authenticates nobody: %s', async (_, answer) => {
    const { keys, token } = await withLookUp(() => answer);
    const result = await keys.verify(token);
    expect(result.ok).toBe(false);
    expect(result).toMatchObject({ reason: expect.stringMatching(/^(unknown|unavailable)$/) });
  });

  it('refuses the record of another token', async () => {
    const other = setUp();
    const { token: strange } = await makeKey(other.keys);
    const record = await other.store.findByDigest(digestToken(strange));
    for (const answer of [record, Promise.resolve(record)]) {
      const { keys, token, events } = await withLookUp(() => answer);
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'unknown' });
      // Not even the hooks are told whose key that is.
      expect(events).toEqual([{ type: 'refused', at: expect.any(Number), reason: 'unknown' }]);
    }
  });

  it('refuses digests of the wrong case or length', async () => {
    const { store, real, keys, token } = await withLookUp(() => undefined);
    const key = (await real(digestToken(token))) as StoredKey;
    for (const digest of [key.digest.toUpperCase(), `${key.digest}0`, key.digest.slice(1)]) {
      vi.mocked(store.findByDigest).mockReturnValue({ ...key, digest });
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'unknown' });
    }
  });
});

describe('verify with a broken record', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const unreadable = {
    get plan() {
      throw failure;
    },
  };

  it.each<[string, object]>([
    ['no scopes', { scopes: undefined }],
    ['null for scopes', { scopes: null }],
    ['a text for scopes', { scopes: 'orders:readonly' }],
    ['an object for scopes', { scopes: { includes: () => true } }],
    ['nothing of whether it is enabled', { enabled: undefined }],
    ['a text of whether it is enabled', { enabled: 'false' }],
    ['a number of whether it is enabled', { enabled: 1 }],
    ['null for the expiry', { expiresAt: null }],
    ['a text for the expiry', { expiresAt: '9999999999999' }],
    ['a Date for the expiry', { expiresAt: new Date(START + 1000) }],
    ['null for the revocation', { revokedAt: null }],
    ['a text for the rotation', { replacedAt: '2025-01-01' }],
    ['no owner', { owner: undefined }],
    ['a number for the owner', { owner: 5 }],
    ['metadata without an end', { metadata: cyclic }],
    ['metadata that cannot be read', { metadata: unreadable }],
  ])('authenticates nobody, and never rejects: %s', async (_, part) => {
    const { keys, token, real, store, events } = await withLookUp(() => undefined);
    const key = { ...(await real(digestToken(token))), ...part };
    for (const answer of [key, Promise.resolve(key)]) {
      vi.mocked(store.findByDigest).mockReturnValue(wrong(answer));
      events.length = 0;
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'unavailable' });
      expect(await keys.authenticate(`Bearer ${token}`, { scopes: ['orders:read'] })).toMatchObject(
        {
          reason: 'unavailable',
          refusal: { status: 503 },
        },
      );
      const event = { type: 'refused', at: START, reason: 'unavailable', error: expect.any(Error) };
      expect(events).toEqual([event, event]);
    }
  });

  it('reports the broken record to onEvent', async () => {
    const { keys, token, real, store, events } = await withLookUp(() => undefined);
    const key = { ...(await real(digestToken(token))), scopes: undefined };
    vi.mocked(store.findByDigest).mockReturnValue(wrong(key));
    await keys.verify(token);
    const error = { code: 'store_unavailable', message: 'the store returned a broken record' };
    expect(events).toMatchObject([{ reason: 'unavailable', error }]);
  });

  it('accepts a record whose absent times are undefined members', async () => {
    const { keys, token, real, store } = await withLookUp(() => undefined);
    const times = { expiresAt: undefined, revokedAt: undefined, replacedAt: undefined };
    const key = { ...(await real(digestToken(token))), ...times };
    vi.mocked(store.findByDigest).mockReturnValue(wrong(key));
    expect((await keys.verify(token)).ok).toBe(true);
  });
});

describe('verify with a clock that throws', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw failure;
      },
    ],
    ['gives a bigint', () => 1n],
  ])('leaves nothing known of a key, and rejects nowhere: it %s', async (_, now) => {
    const clock = { now: () => START };
    const { keys, store, events } = setUp({ clock });
    const { token } = await makeKey(keys);
    const principal = await keys.authenticate(`Bearer ${token}`);
    events.length = 0;
    const before = Date.now();
    clock.now = wrong(now);
    const real = store.findByDigest;
    for (const findByDigest of [real, async (digest: string) => real(digest)]) {
      vi.spyOn(store, 'findByDigest').mockImplementation(findByDigest);
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'unavailable' });
      expect(await keys.authenticate(`Bearer ${token}`)).toMatchObject({ reason: 'unavailable' });
      expect(await keys.authenticate(undefined)).toMatchObject({ reason: 'absent' });
    }
    if (!principal.ok) throw new Error(principal.reason);
    expect(refuseScopes(principal.principal, ['read'])).toMatchObject({ status: 403 });
    expect(events).toHaveLength(7);
    for (const { at } of events) {
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(Date.now());
    }
  });
});

describe('verify with a synchronous store', () => {
  it('returns what it returns for a promised record', async () => {
    const { keys, store } = setUp();
    const { token, record } = await makeKey(keys, { scopes: ['read'] });
    const real = store.findByDigest;
    expect(real(digestToken(token))).not.toBeInstanceOf(Promise);
    const direct = await keys.verify(token);
    vi.spyOn(store, 'findByDigest').mockImplementation(async (digest) => real(digest));
    expect(await keys.verify(token)).toEqual(direct);
    expect(direct).toMatchObject({ ok: true, principal: { keyId: record.id } });
    expect(await keys.verify(generateToken(format, 'live'))).toEqual({
      ok: false,
      reason: 'unknown',
    });
  });
});

describe('the accepts function that verify passes to the store', () => {
  it('accepts exactly the records that verify would accept', async () => {
    const { keys, store } = setUp({ environments: ['live'] });
    const { token } = await makeKey(keys);
    const lookUp = vi.spyOn(store, 'findByDigest');
    expect(await keys.verify(token)).toMatchObject({ ok: true });
    const [digest = '', accepts] = lookUp.mock.lastCall ?? [];
    const key = await store.findByDigest(digest);
    if (accepts === undefined || key === undefined) throw new Error('no look-up took place');
    expect(accepts(key)).toBe(true);
    const refused = [
      { revokedAt: START },
      { enabled: false },
      { expiresAt: START },
      { environment: 'test' },
    ];
    for (const fields of refused) expect(accepts({ ...key, ...fields })).toBe(false);
  });
});
