import { parseToken } from 'keywright';
import { describe, expect, it } from 'vitest';
import { actor, contentsOf, failureOf, format, makeKey, START, setUp } from '../support.ts';

const fields = { scopes: ['read'], metadata: { plan: 'pro' }, expiresAt: START + 60_000 };

describe('rotate', () => {
  it('creates a successor with the fields of the key, and links the two', async () => {
    const { keys, time } = setUp({ environments: ['live', 'test'] });
    const { token, record } = await makeKey(keys, { ...fields, environment: 'test' });
    time.now = START + 1000;
    const rotated = await keys.rotate(record.id, { actor: { id: 'user_2' } });
    const next = rotated.secret.reveal();
    expect(next).not.toBe(token);
    expect(parseToken(format, next)?.environment).toBe('test');
    expect(rotated.record).toEqual({
      ...record,
      id: rotated.record.id,
      hint: next.slice(0, 13),
      createdAt: START + 1000,
      createdBy: { id: 'user_2' },
      replaces: record.id,
    });
    expect(rotated.record.id).not.toBe(record.id);
    expect(rotated.replaced).toEqual({
      ...record,
      replacedBy: rotated.record.id,
      replacedAt: START + 1000,
    });
    expect(await keys.get(record.id)).toEqual(rotated.replaced);
    expect(await keys.get(rotated.record.id)).toEqual(rotated.record);
  });

  it('accepts both keys until the old one is revoked', async () => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys);
    const { secret, record: next } = await keys.rotate(record.id, { actor });
    expect(await keys.verify(token)).toMatchObject({ principal: { keyId: record.id } });
    expect(await keys.verify(secret.reveal())).toMatchObject({ principal: { keyId: next.id } });
    await keys.revoke(record.id, { actor });
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'revoked' });
    expect((await keys.verify(secret.reveal())).ok).toBe(true);
  });

  it('leaves one event, on the old key, that names the new one', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys);
    const options = { actor: { id: 'user_2' }, reason: 'yearly', graceMs: 5000 };
    const { record: next } = await keys.rotate(record.id, options);
    const { events } = await contentsOf(store);
    expect(events).toHaveLength(2);
    expect(events[1]).toEqual({
      id: events[1]?.id,
      salt: events[1]?.salt,
      sequence: 2,
      at: START,
      action: 'key.rotated',
      owner: 'org_1',
      keyId: record.id,
      keyName: 'Zapier production',
      actor: { id: 'user_2' },
      reason: 'yearly',
      successorId: next.id,
      graceEndsAt: START + 5000,
    });
  });

  it('rejects an unknown key, and creates none', async () => {
    const { keys, store } = setUp();
    await makeKey(keys);
    const before = await contentsOf(store);
    await expect(keys.rotate('key_unknown', { actor })).rejects.toMatchObject({
      code: 'key_not_found',
    });
    expect(await contentsOf(store)).toEqual(before);
  });

  it('keeps a disabled key disabled', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    await keys.update(record.id, { enabled: false }, { actor });
    const { secret, record: next } = await keys.rotate(record.id, { actor });
    expect(next.enabled).toBe(false);
    expect(await keys.verify(secret.reveal())).toEqual({ ok: false, reason: 'disabled' });
  });
});

describe('graceMs of a rotation', () => {
  it('ends the old key after that time', async () => {
    const { keys, time } = setUp();
    const { token, record } = await makeKey(keys);
    const { secret, replaced } = await keys.rotate(record.id, { actor, graceMs: 1000 });
    expect(replaced.expiresAt).toBe(START + 1000);
    time.now = START + 999;
    expect((await keys.verify(token)).ok).toBe(true);
    time.now = START + 1000;
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'expired' });
    expect((await keys.verify(secret.reveal())).ok).toBe(true);
  });

  it('accepts 0', async () => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys);
    await keys.rotate(record.id, { actor, graceMs: 0 });
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'expired' });
  });

  it('never lengthens the life of the old key, nor shortens that of the new', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys, fields);
    const rotated = await keys.rotate(record.id, { actor, graceMs: 120_000 });
    expect(rotated.replaced.expiresAt).toBe(START + 60_000);
    expect(rotated.record.expiresAt).toBe(START + 60_000);
    const { record: second } = await makeKey(keys, fields);
    const shorter = await keys.rotate(second.id, { actor, graceMs: 1000 });
    expect(shorter.replaced.expiresAt).toBe(START + 1000);
    expect(shorter.record.expiresAt).toBe(START + 60_000);
  });

  it('accepts ten years', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    const tenYears = 10 * 365 * 24 * 3600 * 1000;
    const { replaced } = await keys.rotate(record.id, { actor, graceMs: tenYears });
    expect(replaced.expiresAt).toBe(START + tenYears);
  });

  it('accepts an end up to the year 9999, the last of an HTTP date', async () => {
    const { keys, time } = setUp();
    const { token, record } = await makeKey(keys);
    time.now = Date.parse('9999-12-31T23:59:59.000Z');
    const failure = await failureOf(() => keys.rotate(record.id, { actor, graceMs: 1000 }));
    expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'graceMs' });
    await keys.rotate(record.id, { actor, graceMs: 999 });
    expect(await keys.authenticate(`Bearer ${token}`)).toMatchObject({
      headers: { Sunset: 'Fri, 31 Dec 9999 23:59:59 GMT' },
    });
  });
});

describe('the expiry of the new key', () => {
  it('equals that of the old key, another, or none', async () => {
    const { keys } = setUp();
    const expiryWith = async (options: { expiresAt?: number | null }) => {
      const { record } = await makeKey(keys, fields);
      return (await keys.rotate(record.id, { actor, ...options })).record.expiresAt;
    };
    expect(await expiryWith({})).toBe(START + 60_000);
    expect(await expiryWith({ expiresAt: START + 5 })).toBe(START + 5);
    expect(await expiryWith({ expiresAt: null })).toBeUndefined();
  });

  it('is required for a key that has expired', async () => {
    const { keys, store, time } = setUp();
    const { record } = await makeKey(keys, fields);
    time.now = START + 60_000;
    const before = await contentsOf(store);
    await expect(keys.rotate(record.id, { actor })).rejects.toMatchObject({ code: 'key_expired' });
    expect(await contentsOf(store)).toEqual(before);
    const { secret, replaced } = await keys.rotate(record.id, { actor, expiresAt: null });
    expect((await keys.verify(secret.reveal())).ok).toBe(true);
    expect(replaced.expiresAt).toBe(START + 60_000);
  });
});

describe('rotate of a rotated key', () => {
  it('rejects with key_replaced while its successor is living', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys);
    await keys.rotate(record.id, { actor });
    const before = await contentsOf(store);
    await expect(keys.rotate(record.id, { actor })).rejects.toMatchObject({
      code: 'key_replaced',
    });
    expect(await contentsOf(store)).toEqual(before);
  });

  it('succeeds once its successor is revoked or has expired', async () => {
    const { keys, time } = setUp();
    const { record } = await makeKey(keys);
    const first = await keys.rotate(record.id, { actor });
    await keys.revoke(first.record.id, { actor });
    const second = await keys.rotate(record.id, { actor, expiresAt: START + 1000 });
    expect(second.replaced.replacedBy).toBe(second.record.id);
    time.now = START + 1000;
    const third = await keys.rotate(record.id, { actor });
    expect(third.record.replaces).toBe(record.id);
    expect((await keys.verify(third.secret.reveal())).ok).toBe(true);
    expect(await keys.verify(first.secret.reveal())).toMatchObject({ reason: 'revoked' });
  });

  it('counts a disabled successor as living', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    const { record: next } = await keys.rotate(record.id, { actor });
    await keys.update(next.id, { enabled: false }, { actor });
    await expect(keys.rotate(record.id, { actor })).rejects.toMatchObject({
      code: 'key_replaced',
    });
  });

  it('creates one successor, however many calls run at once', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys);
    const attempts = Array.from({ length: 10 }, () => keys.rotate(record.id, { actor }));
    const outcomes = await Promise.allSettled(attempts);
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason.code).toBe('key_replaced');
    }
    const { keys: stored, events } = await contentsOf(store);
    expect([stored.length, events.length]).toEqual([2, 2]);
  });

  it('follows a chain of successors', async () => {
    const { keys } = setUp();
    let { token, record } = await makeKey(keys);
    const chain = [record.id];
    for (let count = 0; count < 5; count++) {
      const rotated = await keys.rotate(record.id, { actor, graceMs: 0 });
      [token, record] = [rotated.secret.reveal(), rotated.record];
      expect(record.replaces).toBe(chain.at(-1));
      chain.push(record.id);
    }
    expect(new Set(chain).size).toBe(6);
    expect((await keys.verify(token)).ok).toBe(true);
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({ head: { sequence: 6 } });
  });
});
