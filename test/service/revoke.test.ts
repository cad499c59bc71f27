import { digestToken } from 'keywright';
import { describe, expect, it } from 'vitest';
import { Changes } from '../../src/rules/changes.ts';
import { upgradeDigestRule } from '../../src/rules/upgrade-digest.ts';
import { actor, contentsOf, effectAt, failureOf, makeKey, START, setUp } from '../support.ts';

describe('revoke', () => {
  it('refuses the key from the next verification on', async () => {
    const { keys, time } = setUp();
    const { token, record } = await makeKey(keys);
    time.now = START + 1000;
    const { effect, ...revoked } = await keys.revoke(record.id, { actor, reason: 'leaked' });
    expect(effect).toEqual(effectAt(START + 1000));
    expect(revoked).toEqual({ ...record, revokedAt: START + 1000 });
    expect(await keys.verify(token)).toEqual({ ok: false, reason: 'revoked' });
    expect(await keys.get(record.id)).toEqual(revoked);
  });

  it('leaves one event', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys);
    await keys.revoke(record.id, { actor: { id: 'user_2' }, reason: 'leaked' });
    const { events } = await contentsOf(store);
    expect(events).toHaveLength(2);
    expect(events[1]).toMatchObject({
      action: 'key.revoked',
      keyId: record.id,
      keyName: 'Zapier production',
      actor: { id: 'user_2' },
      reason: 'leaked',
    });
  });

  it('changes nothing the second time', async () => {
    const { keys, store, time } = setUp();
    const { record } = await makeKey(keys);
    const first = await keys.revoke(record.id, { actor, reason: 'leaked' });
    const before = await contentsOf(store);
    time.now = START + 5000;
    const again = { actor: { id: 'user_2' }, reason: 'again' };
    const effect = effectAt(START + 5000);
    expect(await keys.revoke(record.id, again)).toEqual({ ...first, effect });
    expect(await contentsOf(store)).toEqual(before);
  });

  it('leaves one event however many revoke it at once', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys);
    await Promise.all(Array.from({ length: 10 }, () => keys.revoke(record.id, { actor })));
    expect((await contentsOf(store)).events).toHaveLength(2);
  });

  it('revokes a key in any state', async () => {
    const { keys } = setUp();
    const { record: expired } = await makeKey(keys);
    await keys.update(expired.id, { expiresAt: START }, { actor });
    const { record: disabled } = await makeKey(keys);
    const { record: rotated } = await makeKey(keys);
    await keys.update(disabled.id, { enabled: false }, { actor });
    await keys.rotate(rotated.id, { actor });
    for (const { id } of [expired, disabled, rotated]) {
      expect((await keys.revoke(id, { actor })).revokedAt).toBe(START);
    }
  });

  it('rejects an unknown key, and leaves no event', async () => {
    const { keys, store } = setUp();
    const { token } = await makeKey(keys);
    const before = await contentsOf(store);
    for (const id of ['key_unknown', '__proto__', token]) {
      await expect(keys.revoke(id, { actor })).rejects.toMatchObject({ code: 'key_not_found' });
    }
    expect(await contentsOf(store)).toEqual(before);
  });
});

describe('a revoked key', () => {
  it('stays revoked whatever is tried', async () => {
    const { keys, store, time } = setUp();
    const { token, record } = await makeKey(keys, { expiresAt: START + 1000 });
    await keys.verify(token);
    await keys.revoke(record.id, { actor });
    const digest = digestToken(token);
    const changes = new Changes(store);
    const revoked = { code: 'key_revoked' };
    const attempts: [() => unknown, object | undefined][] = [
      [() => keys.update(record.id, { enabled: true }, { actor }), revoked],
      [() => keys.update(record.id, { expiresAt: null }, { actor }), revoked],
      [() => keys.update(record.id, { name: 'Other' }, { actor }), revoked],
      [() => keys.forOwner('org_1').update(record.id, { enabled: true }, { actor }), revoked],
      [() => keys.rotate(record.id, { actor }), revoked],
      [() => keys.rotate(record.id, { actor, expiresAt: null, graceMs: 1000 }), revoked],
      [() => keys.revoke(record.id, { actor }), undefined],
      [() => keys.revokeAll({ owner: 'org_1', actor }), undefined],
      [() => keys.flush(), undefined],
      [() => makeKey(keys, { id: record.id }), { code: 'digest_taken' }],
      [() => makeKey(keys), undefined],
      [() => keys.eraseActor({ owner: 'org_1', actorId: 'user_1', actor }), undefined],
      [() => store.recordUsage(new Map([[record.id, START + 5]])), undefined],
      [() => changes.make(upgradeDigestRule(record.id, digest, 'f'.repeat(64))), undefined],
      [() => changes.make(upgradeDigestRule(record.id, 'f'.repeat(64), digest)), undefined],
    ];
    for (const [attempt, failure] of attempts) {
      if (failure === undefined) await attempt();
      else expect(await failureOf(attempt)).toMatchObject(failure);
      expect((await keys.get(record.id))?.revokedAt).toBe(START);
    }
    for (const now of [0, START - 1, START, START + 10_000_000]) {
      time.now = now;
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'revoked' });
    }
  });

  it('leaves its successor active', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    const { secret } = await keys.rotate(record.id, { actor });
    await keys.revoke(record.id, { actor });
    expect((await keys.verify(secret.reveal())).ok).toBe(true);
  });
});

describe('revokeAll', () => {
  it('revokes every key of the owner, and of nobody else', async () => {
    const { keys } = setUp({ environments: ['live', 'test'] });
    const mine = [await makeKey(keys), await makeKey(keys, { environment: 'test' })];
    const other = await makeKey(keys, { owner: 'org_2' });
    const { secret } = await keys.rotate(mine[0]?.record.id ?? '', { actor });
    expect(await keys.revokeAll({ owner: 'org_1', actor, reason: 'breach' })).toEqual({
      revoked: 3,
      effect: effectAt(),
    });
    for (const token of [...mine.map((key) => key.token), secret.reveal()]) {
      expect(await keys.verify(token)).toEqual({ ok: false, reason: 'revoked' });
    }
    expect((await keys.verify(other.token)).ok).toBe(true);
  });

  it('leaves one event for each key that was not revoked before, and none for the others', async () => {
    const { keys, store, time } = setUp();
    const { record: earlier } = await makeKey(keys);
    await keys.revoke(earlier.id, { actor });
    const made = [(await makeKey(keys)).record.id, (await makeKey(keys)).record.id];
    time.now = START + 1000;
    expect(await keys.revokeAll({ owner: 'org_1', actor, reason: 'breach' })).toMatchObject({
      revoked: 2,
    });
    const events = (await contentsOf(store)).events.slice(4);
    expect(events.map(({ keyId }) => keyId).sort()).toEqual(made.sort());
    for (const event of events) {
      expect(event).toMatchObject({ action: 'key.revoked', at: START + 1000, reason: 'breach' });
    }
    expect((await keys.get(earlier.id))?.revokedAt).toBe(START);
    expect(await keys.revokeAll({ owner: 'org_1', actor })).toMatchObject({ revoked: 0 });
    expect((await contentsOf(store)).events).toHaveLength(6);
  });

  it('revokes nothing for an owner without keys', async () => {
    const { keys, store } = setUp();
    expect(await keys.revokeAll({ owner: 'org_3', actor })).toMatchObject({ revoked: 0 });
    expect((await contentsOf(store, 'org_3')).events).toEqual([]);
  });
});
