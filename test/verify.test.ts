import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { digestsEqual } from '../src/digest/equal.ts';
import { digestToken } from '../src/digest/sha256.ts';
import { keyState, type StoredKey } from '../src/record.ts';
import { createApiKeys } from '../src/service/api-keys.ts';
import { memoryStore } from '../src/stores/memory.ts';
import { tokenFormat } from '../src/token/format.ts';
import { generateToken } from '../src/token/generate.ts';
import { wrong } from './support.ts';

vi.mock(import('../src/digest/sha256.ts'), async (original) => {
  const module = await original();
  return { ...module, digestToken: vi.fn(module.digestToken), sha256Hex: vi.fn(module.sha256Hex) };
});
vi.mock(import('../src/digest/equal.ts'), async (original) => ({
  digestsEqual: vi.fn((await original()).digestsEqual),
}));
vi.mock(import('../src/record.ts'), async (original) => {
  const module = await original();
  return { ...module, keyState: vi.fn(module.keyState) };
});

const START = 1_750_000_000_000;
const actor = { id: 'user_1' };
const format = tokenFormat({ brand: 'prn', environments: ['live', 'test'], checksum: 'crc32' });
const time = { now: START };
const memory = memoryStore();
const store = { ...memory, findByDigest: vi.fn(memory.findByDigest) };
const clock = { now: vi.fn(() => time.now) };
const keys = createApiKeys({ format, environments: ['live'], store, clock });

async function make(environment: 'live' | 'test' = 'live', expiresAt?: number) {
  const { secret, record } = await keys.create({
    name: 'Zapier production',
    owner: 'org_1',
    environment,
    actor,
    scopes: ['read'],
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
  return { token: secret.reveal(), id: record.id };
}

/** Tokens by the reason for which they are refused, each one well-formed. */
async function wellFormed() {
  const good = await make();
  const revoked = await make();
  const disabled = await make();
  const replaced = await make();
  await keys.revoke(revoked.id, { actor });
  await keys.update(disabled.id, { enabled: false }, { actor });
  await keys.rotate(replaced.id, { actor, graceMs: 0 });
  const expired = await make();
  await keys.update(expired.id, { expiresAt: START }, { actor });
  return {
    success: good.token,
    unknown: generateToken(format, 'live'),
    revoked: revoked.token,
    expired: expired.token,
    'expired by a rotation': replaced.token,
    disabled: disabled.token,
    environment: (await make('test')).token,
  };
}

const tokens = await wellFormed();

/** How often each step was taken, and that no other method of the store was called. */
const counted = () => ({
  digests: vi.mocked(digestToken).mock.calls.length,
  lookUps: store.findByDigest.mock.calls.length,
  comparisons: vi.mocked(digestsEqual).mock.calls.length,
  times: clock.now.mock.calls.length,
  states: vi.mocked(keyState).mock.calls.length,
});
const ONE_OF_EACH = { digests: 1, lookUps: 1, comparisons: 1, times: 1, states: 1 };
const NONE = { digests: 0, lookUps: 0, comparisons: 0, times: 0, states: 0 };

beforeEach(() => {
  vi.clearAllMocks();
});

afterEach(() => {
  time.now = START;
});

describe('a verification', () => {
  it.each(Object.entries(tokens))(
    'takes one digest, one look-up and one comparison: %s',
    async (reason, token) => {
      const result = await keys.verify(token);
      expect(result.ok ? 'success' : result.reason).toBe(reason.split(' ')[0]);
      expect(counted()).toEqual(ONE_OF_EACH);
      expect(vi.mocked(digestToken).mock.calls).toEqual([[token]]);
      const [digest] = store.findByDigest.mock.calls[0] ?? [];
      expect(vi.mocked(digestsEqual).mock.calls[0]?.[0]).toBe(digest);
    },
  );

  it.each(Object.entries(tokens))(
    'takes the same work behind a header: %s',
    async (reason, token) => {
      const result = await keys.authenticate(`Bearer ${token}`);
      expect(result.ok ? 'success' : result.reason).toBe(reason.split(' ')[0]);
      expect(counted()).toEqual(ONE_OF_EACH);
    },
  );

  it('takes the same work for a lacking scope', async () => {
    const result = await keys.authenticate(`Bearer ${tokens.success}`, { scopes: ['write'] });
    expect(result).toMatchObject({ ok: false, reason: 'insufficient_scope' });
    expect(counted()).toEqual(ONE_OF_EACH);
  });

  it('compares digests of one length, with or without a key', async () => {
    for (const token of Object.values(tokens)) await keys.verify(token);
    for (const [a, b] of vi.mocked(digestsEqual).mock.calls) {
      expect([a.length, b.length]).toEqual([64, 64]);
    }
  });

  it('compares digests before it reads the state', async () => {
    const revoked = await memory.findByDigest(digestToken(tokens.revoked));
    store.findByDigest.mockReturnValueOnce(revoked as StoredKey);
    const stranger = generateToken(format, 'live');
    expect(await keys.verify(stranger)).toEqual({ ok: false, reason: 'unknown' });
  });

  const last = tokens.success.at(-1) === 'a' ? 'b' : 'a';
  it.each<[string, unknown]>([
    ['an empty text', ''],
    ['another prefix', `prn_prod_${tokens.success.slice(9)}`],
    ['a wrong checksum', tokens.success.slice(0, -1) + last],
    ['a character too few', tokens.success.slice(0, -1)],
    ['a character too many', `${tokens.success}a`],
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['an array', [tokens.success]],
    ['a boxed text', Object(tokens.success)],
    ['an object', { toString: () => tokens.success }],
    ['a symbol', Symbol('token')],
  ])('is none for what is malformed: %s', async (_, token) => {
    expect(await keys.verify(wrong(token))).toEqual({ ok: false, reason: 'malformed' });
    expect(counted()).toEqual(NONE);
  });

  it.each<[string, string | string[] | undefined]>([
    ['absent', undefined],
    ['absent', []],
    ['repeated', [`Bearer ${tokens.success}`, `Bearer ${tokens.success}`]],
    ['scheme', `Basic ${tokens.success}`],
    ['malformed', `Bearer ${tokens.success} `],
    ['repeated', `Bearer ${tokens.success}, Bearer ${tokens.success}`],
  ])('is none for a header that is %s', async (reason, header) => {
    expect(await keys.authenticate(header)).toMatchObject({ ok: false, reason });
    expect(counted()).toEqual(NONE);
  });
});

describe('accepted environments', () => {
  const service = (environments?: ('live' | 'test')[]) =>
    createApiKeys({
      format,
      environments: ['live'],
      store: memory,
      ...(environments && { environments }),
    });

  it.each<[('live' | 'test')[] | undefined, boolean, boolean]>([
    [undefined, true, false],
    [['live'], true, false],
    [['test'], false, true],
    [['test', 'live'], true, true],
  ])('of a service with %j', async (environments, live, test) => {
    const narrowed = service(environments);
    expect((await narrowed.verify(tokens.success)).ok).toBe(live);
    expect((await narrowed.verify(tokens.environment)).ok).toBe(test);
  });

  it('uses the environments of a route instead of those of the service', async () => {
    const routed = service(['live']);
    const header = `Bearer ${tokens.environment}`;
    expect(await routed.authenticate(header)).toMatchObject({ reason: 'environment' });
    expect((await routed.authenticate(header, { environments: ['test'] })).ok).toBe(true);
    const live = await routed.authenticate(`Bearer ${tokens.success}`, { environments: ['test'] });
    expect(live).toMatchObject({ ok: false, reason: 'environment' });
  });

  it('rejects a record of another environment than its token', async () => {
    const both = createApiKeys({ format, store, environments: ['live', 'test'] });
    const key = (await memory.findByDigest(digestToken(tokens.success))) as StoredKey;
    expect((await both.verify(tokens.success)).ok).toBe(true);
    store.findByDigest.mockReturnValueOnce({ ...key, environment: 'test' });
    expect(await both.verify(tokens.success)).toEqual({ ok: false, reason: 'environment' });
  });
});

describe('the time of a verification', () => {
  it('ends a key at its expiry, to the millisecond', async () => {
    const { token } = await make('live', START + 1000);
    time.now = START + 999;
    expect((await keys.verify(token)).ok).toBe(true);
    time.now = START + 1000;
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  it('counts from after the look-up, so that a slow store extends no key', async () => {
    const { token } = await make('live', START + 1000);
    store.findByDigest.mockImplementationOnce(async (digest) => {
      time.now = START + 1000;
      return memory.findByDigest(digest);
    });
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });
});
