import type { ActivityEvent, KeyChange } from 'keywright';
import { describe, expect, it } from 'vitest';
import { actor, contentsOf, makeKey, START, setUp } from '../support.ts';
import { withHistory } from './log.ts';

describe('activity', () => {
  it('lists who did what and when, newest first', async () => {
    const { keys, first, second } = await withHistory();
    const { items, ...rest } = await keys.activity({ owner: 'org_1' });
    expect(rest).toEqual({});
    const base = { id: expect.any(String), salt: expect.any(String), owner: 'org_1' };
    expect(items).toEqual([
      {
        ...base,
        sequence: 4,
        at: START + 3000,
        action: 'key.revoked',
        keyId: second.id,
        keyName: 'Renamed',
        actor: { id: 'user_2' },
      },
      {
        ...base,
        sequence: 3,
        at: START + 2000,
        action: 'key.rotated',
        keyId: first.id,
        keyName: 'Renamed',
        actor,
        successorId: second.id,
        graceEndsAt: START + 2500,
      },
      {
        ...base,
        sequence: 2,
        at: START + 1000,
        action: 'key.updated',
        keyId: first.id,
        keyName: 'Zapier production',
        actor: { id: 'user_2' },
        reason: 'typo',
        change: { name: 'Renamed' },
      },
      {
        ...base,
        sequence: 1,
        at: START,
        action: 'key.created',
        keyId: first.id,
        keyName: 'Zapier production',
        actor,
      },
    ]);
    expect(await keys.activity({ owner: 'org_3' })).toEqual({ items: [] });
  });

  it('lists events of revoked keys', async () => {
    const { keys, second } = await withHistory();
    const { items } = await keys.activity({ owner: 'org_1', keyId: second.id });
    expect(items.map(({ action }) => action)).toEqual(['key.revoked']);
  });

  it('narrows by key, action, actor and time, and by all together', async () => {
    const { keys, first, second } = await withHistory();
    const sequences = async (filter: Omit<Parameters<typeof keys.activity>[0], 'owner'>) =>
      (await keys.activity({ owner: 'org_1', ...filter })).items.map(({ sequence }) => sequence);
    expect(await sequences({ keyId: first.id })).toEqual([3, 2, 1]);
    expect(await sequences({ keyId: second.id })).toEqual([4]);
    expect(await sequences({ keyId: 'key_unknown' })).toEqual([]);
    expect(await sequences({ action: 'key.updated' })).toEqual([2]);
    expect(await sequences({ action: 'activity.erased' })).toEqual([]);
    expect(await sequences({ actorId: 'user_1' })).toEqual([3, 1]);
    expect(await sequences({ actorId: 'USER_1' })).toEqual([]);
    expect(await sequences({ from: START + 1000 })).toEqual([4, 3, 2]);
    expect(await sequences({ to: START + 1000 })).toEqual([1]);
    expect(await sequences({ from: START + 1000, to: START + 3000 })).toEqual([3, 2]);
    expect(await sequences({ from: START + 9000 })).toEqual([]);
    const all = { keyId: first.id, action: 'key.rotated', actorId: 'user_1' } as const;
    expect(await sequences({ ...all, from: START, to: START + 9000 })).toEqual([3]);
    expect(await sequences({ ...all, actorId: 'user_2' })).toEqual([]);
  });

  it('lists every event once over its pages, whatever happens meanwhile', async () => {
    const { keys } = setUp();
    for (let count = 0; count < 25; count++) await makeKey(keys);
    expect((await keys.activity({ owner: 'org_1' })).items).toHaveLength(20);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await keys.activity({ owner: 'org_1', limit: 10, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ sequence }) => sequence));
      cursor = page.cursor;
      await makeKey(keys);
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
  });

  it('returns no cursor if a page ends with the last matching event', async () => {
    const { keys } = await withHistory();
    const filter = { owner: 'org_1', actorId: 'user_1', limit: 1 };
    const first = await keys.activity(filter);
    const { cursor = '' } = first;
    const second = await keys.activity({ ...filter, cursor });
    expect(second.items.map(({ sequence }) => sequence)).toEqual([1]);
    expect('cursor' in second).toBe(false);
  });

  it('rejects a cursor that no page of events returned', async () => {
    const { keys } = await withHistory();
    const { cursor: foreign = '' } = await keys.list({ owner: 'org_1', limit: 1 });
    for (const cursor of [foreign, '0', '-1', '1.5', '01', '1e3', 'x', 'null', '9'.repeat(20)]) {
      await expect(keys.activity({ owner: 'org_1', cursor })).rejects.toMatchObject({
        code: 'invalid_argument',
        argument: 'cursor',
      });
    }
  });

  it('returns copies that the caller may change', async () => {
    const { keys, store } = setUp();
    const { record } = await makeKey(keys, { actor: { id: 'user_1', teams: ['a'] } });
    await keys.update(record.id, { metadata: { list: [1] } }, { actor });
    const before = await contentsOf(store);
    const { items } = await keys.activity({ owner: 'org_1' });
    const [updated, created] = items as [ActivityEvent, ActivityEvent];
    const { metadata } = updated.change as Required<KeyChange>;
    (created.actor.teams as string[]).push('b');
    (metadata.list as number[]).push(2);
    Object.assign(updated.actor, { id: 'other' });
    Object.assign(updated, { action: 'key.created' });
    expect(await contentsOf(store)).toEqual(before);
    expect(await keys.verifyActivity({ owner: 'org_1' })).toMatchObject({ ok: true });
  });
});
