import { createHash } from 'node:crypto';
import { createApiKeys, type KeyStore, legacyFormat, memoryStore, type StoredKey } from 'keywright';
import { describe, expect, it, vi } from 'vitest';
import { actor, format, makeKey, START, setUp, wrong } from '../support.ts';

const secret = 'Zk3vQ8mN1xR7tY2bW9cE5gH4jL6pA0sDfUiOqKzX';
const sanctum = legacyFormat({
  separator: '|',
  alphabet: 'alphanumeric',
  length: 40,
  digested: 'secret',
});
const hex = legacyFormat({ alphabet: 'hex', length: 64, environment: 'test' });
const hexToken = 'ab'.repeat(32);

/** A service that has imported a key of each format. */
function setUpLegacy() {
  const memory = memoryStore();
  const imported = new Map<string, StoredKey>();
  const findByDigest = vi.fn(
    (digest: string) => imported.get(digest) ?? memory.findByDigest(digest),
  );
  const store: KeyStore = { ...memory, findByDigest };
  const add = (id: string, digested: string, environment: string) => {
    const digest = createHash('sha256').update(digested).digest('hex');
    imported.set(digest, {
      ...{ id, digest, environment, name: id, owner: 'org_1', hint: '', scopes: [], metadata: {} },
      ...{ enabled: true, createdAt: START, createdBy: actor },
    });
  };
  add('sanctum', secret, 'live');
  add('hex', hexToken, 'live');
  const { keys, events } = setUp({ store, legacy: [sanctum, hex] });
  return { keys, events, findByDigest };
}

describe('a service with legacy formats', () => {
  it('accepts the tokens of imported keys beside its own, with one read each', async () => {
    const { keys, findByDigest } = setUpLegacy();
    const { token } = await makeKey(keys);
    findByDigest.mockClear();
    expect(await keys.verify(token)).toMatchObject({ ok: true });
    expect(await keys.authenticate(`Bearer 12|${secret}`)).toMatchObject({
      ok: true,
      principal: { keyId: 'sanctum', environment: 'live' },
    });
    expect(findByDigest).toHaveBeenCalledTimes(2);
  });

  it('refuses unknown tokens of a legacy format after one read, and other texts after none', async () => {
    const { keys, findByDigest } = setUpLegacy();
    expect(await keys.verify(`12|${secret.toLowerCase()}`)).toMatchObject({ reason: 'unknown' });
    expect(findByDigest).toHaveBeenCalledTimes(1);
    for (const text of [secret, `12:${secret}`, `${secret}|12`, `12|${secret}|`]) {
      expect(await keys.verify(text)).toMatchObject({ reason: 'malformed' });
    }
    expect(findByDigest).toHaveBeenCalledTimes(1);
  });

  it('refuses a key of another environment than its format names', async () => {
    const { keys } = setUpLegacy();
    expect(
      await keys.authenticate(`Bearer ${hexToken}`, { environments: ['live', 'test'] }),
    ).toEqual(expect.objectContaining({ ok: false, reason: 'environment' }));
  });

  it('refuses joined lines, and other services refuse the token', async () => {
    const { keys } = setUp();
    expect(await keys.authenticate(`Bearer 12|${secret}`)).toMatchObject({ reason: 'malformed' });
    const { keys: legacy } = setUpLegacy();
    expect(await legacy.authenticate(`Bearer 12|a,12|b`)).toMatchObject({ reason: 'repeated' });
  });

  it.each<[unknown, string]>([
    [sanctum, 'legacy'],
    [Array.from({ length: 9 }, () => sanctum), 'legacy'],
    [[{}], 'legacy[0]'],
    [[sanctum, null], 'legacy[1]'],
    [[legacyFormat({ alphabet: 'hex', length: 64, environment: 'prod' })], 'legacy[0].environment'],
  ])('is refused with %j', (legacy, argument) => {
    const options = { format, environments: ['live'] as const, store: memoryStore() };
    expect(() => createApiKeys({ ...options, legacy: wrong(legacy) })).toThrow(
      expect.objectContaining({ code: 'invalid_argument', argument }),
    );
  });
});
