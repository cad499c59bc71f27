import type { KeyChange, KeyRecord } from 'keywright';
import { describe, expect, it } from 'vitest';
import { actor, contentsOf, effectAt, makeKey, START, setUp } from '../support.ts';

describe('update', () => {
  it.each<[string, KeyChange, Partial<KeyRecord>]>([
    ['name', { name: 'Zapier staging' }, { name: 'Zapier staging' }],
    ['scopes', { scopes: ['write', 'write'] }, { scopes: ['write'] }],
    ['scopes, to none', { scopes: [] }, { scopes: [] }],
    ['metadata, as a whole', { metadata: { plan: 'free' } }, { metadata: { plan: 'free' } }],
    ['metadata, to none', { metadata: {} }, { metadata: {} }],
    ['enabled', { enabled: false }, { enabled: false }],
    ['expiresAt', { expiresAt: START + 9 }, { expiresAt: START + 9 }],
    ['expiresAt, into the past', { expiresAt: START - 9 }, { expiresAt: START - 9 }],
    ['nothing, said again', { enabled: true, name: 'Zapier production' }, {}],
    [
      'several at once',
      { name: 'Other', scopes: ['a'], metadata: { b: null }, enabled: false, expiresAt: START + 5 },
      { name: 'Other', scopes: ['a'], metadata: { b: null }, enabled: false, expiresAt: START + 5 },
    ],
  ])('changes %s, and nothing else', async (_, change, changed) => {
    const { keys, store, time } = setUp();
    const { record } = await makeKey(keys, {
      scopes: ['read'],
      metadata: { plan: 'pro' },
      expiresAt: START + 60_000,
    });
    time.now = START + 1000;
    const by = { actor: { id: 'user_2' }, reason: 'requested' };
    const effect = effectAt(START + 1000);
    expect(await keys.update(record.id, change, by)).toEqual({ ...record, ...changed, effect });
    expect(await keys.get(record.id)).toEqual({ ...record, ...changed });
    const { events } = await contentsOf(store);
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({
      sequence: 2,
      at: START + 1000,
      action: 'key.updated',
      keyId: record.id,
      keyName: 'Zapier production',
      actor: { id: 'user_2' },
      reason: 'requested',
    });
    const { scopes } = change;
    expect(events[1]?.change).toEqual({
      ...change,
      ...(scopes && { scopes: [...new Set(scopes)] }),
    });
  });

  it('removes the expiry with null', async () => {
    const { keys, store } = setUp();
    const { token, record: made } = await makeKey(keys);
    const record = await keys.update(made.id, { expiresAt: START }, { actor });
    expect(await keys.verify(token)).toMatchObject({ reason: 'expired' });
    const { effect: _, ...updated } = await keys.update(record.id, { expiresAt: null }, { actor });
    const { expiresAt: __, effect: ___, ...rest } = record;
    expect(updated).toEqual(rest);
    expect('expiresAt' in updated).toBe(false);
    expect((await keys.verify(token)).ok).toBe(true);
    expect((await contentsOf(store)).events[2]?.change).toEqual({ expiresAt: null });
  });

  it('applies from the next verification on', async () => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys, { scopes: ['read'] });
    const principal = async () => {
      const result = await keys.verify(token);
      return result.ok ? result.principal : result.reason;
    };
    await keys.update(record.id, { scopes: ['write'], name: 'Other' }, { actor });
    expect(await principal()).toMatchObject({ scopes: ['write'], name: 'Other' });
    await keys.update(record.id, { enabled: false }, { actor });
    expect(await principal()).toBe('disabled');
    await keys.update(record.id, { enabled: true }, { actor });
    expect(await principal()).toMatchObject({ keyId: record.id });
  });

  it('ignores fields that are undefined', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    const change = { name: 'Other', scopes: undefined } as unknown as KeyChange;
    const { effect: _, ...updated } = await keys.update(record.id, change, { actor });
    expect(updated).toEqual({ ...record, name: 'Other' });
  });

  it('rejects an unknown key, and leaves no event', async () => {
    const { keys, store } = setUp();
    await makeKey(keys);
    const before = await contentsOf(store);
    for (const id of ['key_unknown', '__proto__', 'toString']) {
      await expect(keys.update(id, { name: 'Other' }, { actor })).rejects.toMatchObject({
        code: 'key_not_found',
      });
    }
    expect(await contentsOf(store)).toEqual(before);
  });

  it('copies its input', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys);
    const change = { metadata: { list: [1] }, scopes: ['read'] };
    const updated = await keys.update(record.id, change, { actor });
    change.metadata.list.push(2);
    change.scopes.push('admin');
    (updated.metadata.list as number[]).push(3);
    const { events } = await contentsOf(store);
    const kept = { metadata: { list: [1] }, scopes: ['read'] };
    expect(await keys.get(record.id)).toMatchObject(kept);
    expect(events[1]?.change).toEqual(kept);
  });

  it('keeps metadata with a member named __proto__ as plain data', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    const metadata = JSON.parse('{"__proto__":{"admin":true}}');
    const updated = await keys.update(record.id, { metadata }, { actor });
    expect(JSON.stringify(updated.metadata)).toBe('{"__proto__":{"admin":true}}');
    expect(updated.metadata.admin).toBeUndefined();
    const { items } = await keys.activity({ owner: 'org_1' });
    expect(JSON.stringify(items[0]?.change)).toBe('{"metadata":{"__proto__":{"admin":true}}}');
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({ ok: true });
  });
});
