import { hasCode, type KeyStore, memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { enrolled, factorIn, KEY, putFactor, type Site, site } from './support.ts';

const OTHER_KEY = '1'.repeat(64);
const ADA = { owner: 'org_1', actorId: 'user_ada' };

/** The factors of a store, past the second factor. */
function openFactors(store: KeyStore) {
  const read = async (ref: typeof ADA) => (await factorIn(store, ref))?.value ?? '';
  const write = (ref: typeof ADA, value: string) => putFactor(store, ref, value);
  return { read, write };
}

/** Fails unless neither a code nor a session gets anywhere, and the host is told why. */
async function expectUnreadable(at: Site, name: string, code: string): Promise<void> {
  const person = at.person(name);
  at.errors.length = 0;
  for (const operation of ['verify', 'confirm', 'enroll', 'recovery-codes', 'disable']) {
    const sent = ['verify', 'confirm'].includes(operation) ? code : undefined;
    expect(await person.factor(operation, sent), operation).toMatchObject({ status: 500 });
  }
  expect(await person.create()).toBe(500);
  expect(await person.call('GET', '/api/session')).toMatchObject({ status: 500 });
  expect(at.errors).toHaveLength(7);
  for (const error of at.errors) expect(hasCode(error, 'factor_unreadable')).toBe(true);
}

describe('a factor in the store', () => {
  it('says nothing of what it holds', async () => {
    const at = await site();
    const { secret, recoveryCodes } = await enrolled(at);
    const value = await openFactors(at.store).read(ADA);
    expect(value).toMatch(/^1\.[0-9a-f]{16}\.[0-9a-f]{24}\.[0-9a-f]+$/);
    for (const text of [secret, ...recoveryCodes, 'confirmed', 'SHA1']) {
      expect(value).not.toContain(text);
      expect(value).not.toContain(Buffer.from(text).toString('hex'));
    }
  });

  it('is another text each time', async () => {
    const at = await site();
    const { person, code } = await enrolled(at);
    const { read } = openFactors(at.store);
    const seen = new Set([await read(ADA)]);
    for (let i = 0; i < 5; i++) {
      await person.factor('verify', code());
      at.time.now += 30_000;
      seen.add(await read(ADA));
    }
    expect(new Set([...seen].map((value) => value.split('.')[2])).size).toBe(6);
  });

  it('rejects a factor that was altered anywhere', async () => {
    const at = await site();
    const { code } = await enrolled(at);
    const { read, write } = openFactors(at.store);
    const value = await read(ADA);
    const flip = (index: number) => {
      const digit = value[index] === '0' ? '1' : '0';
      return value.slice(0, index) + digit + value.slice(index + 1);
    };
    const places = [0, 2, 19, 44, 60, Math.floor(value.length / 2), value.length - 1];
    for (const altered of [
      ...places.map(flip),
      value.slice(0, -2),
      `${value}00`,
      `${value}x`,
      value.split('.').slice(0, 3).join('.'),
      '{}',
      '',
    ]) {
      await write(ADA, altered);
      await expectUnreadable(at, 'ada', code());
    }
    await write(ADA, value);
    expect(await at.person().factor('verify', code())).toMatchObject({ status: 200 });
  });

  it.each([
    ['actor', 'grace', { owner: 'org_1', actorId: 'user_grace' }],
    ['owner', 'mallory', { owner: 'org_2', actorId: 'user_mallory' }],
  ])('rejects a factor that was moved to another %s', async (_what, name, ref) => {
    const at = await site();
    const { code } = await enrolled(at);
    const { read, write } = openFactors(at.store);
    await write(ref, await read(ADA));
    await expectUnreadable(at, name, code());
    expect(await at.person().factor('verify', code())).toMatchObject({ status: 200 });
  });

  it('rejects a factor under another key, until that key is passed or the factor is reset', async () => {
    const store = memoryStore();
    const first = await site({ store });
    const { code } = await enrolled(first);
    const at = await site({ store, encryptionKey: OTHER_KEY });
    at.time.now = first.time.now;
    await expectUnreadable(at, 'ada', code());
    expect(await at.totp.reset({ ...ADA, actor: { id: 'support' } })).toBe(true);
    expect(await at.person().status()).toMatchObject({ enrolled: false });
    await enrolled(at);
  });

  it('is sealed anew with a new key when it is written, while the old one opens it', async () => {
    const store = memoryStore();
    const first = await site({ store });
    const { codeAt } = await enrolled(first);
    const { read } = openFactors(store);
    const keyOf = async () => (await read(ADA)).split('.')[1];
    const old = await keyOf();
    const verifyWith = async (encryptionKey: string, decryptionKeys: string[]) => {
      const at = await site({ store, encryptionKey, decryptionKeys });
      first.time.now += 30_000;
      at.time.now = first.time.now;
      return (await at.person().factor('verify', codeAt(at.time.now))).status;
    };
    expect(await verifyWith(KEY, [OTHER_KEY])).toBe(200);
    expect(await keyOf()).toBe(old);
    expect(await verifyWith(OTHER_KEY, [KEY])).toBe(200);
    expect(await keyOf()).not.toBe(old);
    expect(await verifyWith(OTHER_KEY, [])).toBe(200);
    expect(await verifyWith(KEY, [])).toBe(500);
  });

  it('takes its key as bytes too, and keeps a copy', async () => {
    const store = memoryStore();
    const bytes = Uint8Array.from(Buffer.from(KEY, 'hex'));
    const at = await site({ store, encryptionKey: bytes });
    bytes.fill(0);
    const { code } = await enrolled(at);
    const other = await site({ store, encryptionKey: KEY.toUpperCase() });
    other.time.now = at.time.now;
    expect(await other.person().factor('verify', code())).toMatchObject({ status: 200 });
  });
});
