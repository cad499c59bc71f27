import { describe, expect, it } from 'vitest';
import { actor, contentsOf, failureOf, makeKey, newKey, START, setUp } from '../support.ts';
import { withHistory } from './log.ts';

describe('eraseActor', () => {
  it('erases what an actor left, and nothing of others', async () => {
    const { keys, store, first } = await withHistory();
    const erasure = { owner: 'org_1', actorId: 'user_2', actor: { id: 'dpo' }, reason: 'request' };
    expect(await keys.eraseActor(erasure)).toEqual({ erased: 2 });
    const { events } = await contentsOf(store);
    expect(JSON.stringify(events)).not.toContain('user_2');
    expect(JSON.stringify(events)).not.toContain('typo');
    expect(events.map(({ erased }) => erased !== undefined)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(events[1]).toEqual({
      id: expect.any(String),
      sequence: 2,
      at: START + 1000,
      action: 'key.updated',
      owner: 'org_1',
      keyId: first.id,
      actor: { id: '[erased]' },
      erased: { payloadDigest: expect.any(String) },
    });
    expect(events[4]).toMatchObject({
      action: 'activity.erased',
      actor: { id: 'dpo' },
      reason: 'request',
    });
    expect('keyId' in (events[4] ?? {})).toBe(false);
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({
      ok: true,
      erased: 2,
      head: { sequence: 5 },
    });
  });

  it('erases who created the keys', async () => {
    const { keys, store } = setUp();
    const { token, record } = await makeKey(keys);
    const { record: other } = await makeKey(keys, { actor: { id: 'user_2' } });
    await keys.eraseActor({ owner: 'org_1', actorId: 'user_1', actor: { id: 'dpo' } });
    expect((await keys.get(record.id))?.createdBy).toEqual({ id: '[erased]' });
    expect((await keys.get(other.id))?.createdBy).toEqual({ id: 'user_2' });
    expect(JSON.stringify(await contentsOf(store))).not.toContain('user_1');
    expect((await keys.verify(token)).ok).toBe(true);
  });

  it('leaves an event the second time too, and erases nothing', async () => {
    const { keys } = await withHistory();
    const erasure = { owner: 'org_1', actorId: 'user_2', actor: { id: 'dpo' } };
    await keys.eraseActor(erasure);
    expect(await keys.eraseActor(erasure)).toEqual({ erased: 0 });
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({
      ok: true,
      erased: 2,
      head: { sequence: 6 },
    });
  });

  it('erases in the log of one owner alone', async () => {
    const { keys, store } = await withHistory();
    const before = await contentsOf(store, 'org_2');
    await keys.eraseActor({ owner: 'org_1', actorId: 'user_1', actor });
    expect(await contentsOf(store, 'org_2')).toEqual(before);
  });

  it('rejects a wrong actorId and a wrong actor', async () => {
    const { keys, store } = await withHistory();
    const before = await contentsOf(store);
    const good = { owner: 'org_1', actorId: 'user_1', actor };
    const bad: [string, object][] = [
      ...[undefined, null, '', ' ', 5, 'x'.repeat(256), 'a\n'].map((actorId): [string, object] => [
        'actorId',
        { actorId },
      ]),
      ['actor', { actor: undefined }],
      ['actor.id', { actor: { id: '' } }],
      ['reason', { reason: 'x'.repeat(501) }],
    ];
    for (const [argument, fields] of bad) {
      const failure = await failureOf(() => keys.eraseActor({ ...good, ...fields }));
      expect(failure).toMatchObject({ code: 'invalid_argument', argument });
    }
    expect(await contentsOf(store)).toEqual(before);
  });

  it('leaves a chain that verifies after further changes', async () => {
    const { keys } = await withHistory();
    await keys.eraseActor({ owner: 'org_1', actorId: 'user_1', actor: { id: 'dpo' } });
    const { record } = await keys.create(newKey);
    await keys.revoke(record.id, { actor });
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({
      ok: true,
      erased: 2,
      head: { sequence: 7 },
    });
  });
});
