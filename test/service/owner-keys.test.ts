import { describe, expect, it } from 'vitest';
import { actor, contentsOf, failureOf, makeKey, newKey, setUp, wrong } from '../support.ts';

const { owner: _, ...fields } = newKey;

/** Two owners with a key each, and the view of the first. */
async function twoOwners() {
  const service = setUp();
  const mine = await makeKey(service.keys);
  const other = await makeKey(service.keys, { owner: 'org_2', name: 'Secret project' });
  return { ...service, mine, other, view: service.keys.forOwner('org_1') };
}

describe('forOwner', () => {
  it('hides keys from the view of another owner', async () => {
    const { keys, store, view, other } = await twoOwners();
    const { id } = other.record;
    const before = await contentsOf(store, 'org_2');
    expect(await view.get(id)).toBeUndefined();
    for (const attempt of [
      () => view.update(id, { name: 'Other', enabled: false }, { actor }),
      () => view.rotate(id, { actor, graceMs: 0 }),
      () => view.revoke(id, { actor }),
    ]) {
      const failure = await failureOf(attempt);
      expect(failure).toMatchObject({ code: 'key_not_found', message: 'no key has this id' });
    }
    expect(await view.revokeAll({ actor })).toMatchObject({ revoked: 1 });
    expect(await contentsOf(store, 'org_2')).toEqual(before);
    expect((await keys.verify(other.token)).ok).toBe(true);
  });

  it('treats the keys of other owners as unknown ids', async () => {
    const { view, other } = await twoOwners();
    const calls = [
      (id: string) => view.get(id),
      (id: string) => view.update(id, { name: 'Other' }, { actor }),
      (id: string) => view.rotate(id, { actor }),
      (id: string) => view.revoke(id, { actor }),
      (id: string) => view.activity({ keyId: id }),
    ];
    for (const call of calls) {
      const answers: unknown[] = [];
      for (const id of [other.record.id, 'key_unknown']) {
        answers.push(await Promise.resolve(call(id)).catch((error: unknown) => String(error)));
      }
      expect(answers[0]).toEqual(answers[1]);
    }
  });

  it('lists keys and activity of its owner alone', async () => {
    const { view, mine, other, keys } = await twoOwners();
    await keys.revoke(other.record.id, { actor });
    expect((await view.list()).items).toEqual([mine.record]);
    expect((await view.list({ text: 'secret' })).items).toEqual([]);
    const { items } = await view.activity();
    expect(items.map(({ keyId, owner }) => [keyId, owner])).toEqual([[mine.record.id, 'org_1']]);
    expect((await view.activity({ keyId: other.record.id })).items).toEqual([]);
    expect(await view.verifyActivity()).toMatchObject({ ok: true, head: { sequence: 1 } });
    expect(await keys.verifyActivity({ owner: 'org_2' })).toMatchObject({ head: { sequence: 2 } });
  });

  it('returns nothing of an owner for the cursor of another', async () => {
    const { view, keys } = await twoOwners();
    for (let count = 0; count < 3; count++) await makeKey(keys, { owner: 'org_2' });
    const { cursor: keyCursor } = await keys.list({ owner: 'org_2', limit: 1 });
    const { cursor: eventCursor } = await keys.activity({ owner: 'org_2', limit: 1 });
    const listed = await view.list({ cursor: keyCursor ?? '' });
    for (const { owner } of listed.items) expect(owner).toBe('org_1');
    const happened = await view.activity({ cursor: eventCursor ?? '' });
    for (const { owner } of happened.items) expect(owner).toBe('org_1');
  });

  it('changes keys as the service does', async () => {
    const { keys, store, view } = await twoOwners();
    const { secret, record } = await view.create({ ...fields, name: 'Second' });
    expect(record).toMatchObject({ owner: 'org_1', name: 'Second' });
    expect(await view.get(record.id)).toEqual(record);
    expect(await keys.verify(secret.reveal())).toMatchObject({ principal: { owner: 'org_1' } });
    const updated = await view.update(record.id, { name: 'Third' }, { actor });
    expect(updated.name).toBe('Third');
    const rotated = await view.rotate(record.id, { actor, graceMs: 0 });
    expect(rotated.record).toMatchObject({ owner: 'org_1', replaces: record.id });
    const revoked = await view.revoke(rotated.record.id, { actor });
    expect(revoked.revokedAt).toBeDefined();
    const { events } = await contentsOf(store);
    expect(events.map(({ action }) => action)).toEqual([
      'key.created',
      'key.created',
      'key.updated',
      'key.rotated',
      'key.revoked',
    ]);
    const head = events.at(-1);
    expect(
      await view.verifyActivity({
        expectedHead: { sequence: 5, digest: head?.id ?? '' },
      }),
    ).toMatchObject({ ok: true });
  });

  it('creates keys for its owner alone', async () => {
    const { store, view } = await twoOwners();
    const before = [await contentsOf(store), await contentsOf(store, 'org_2')];
    for (const owner of ['org_2', 'org_1', undefined]) {
      const failure = await failureOf(() => view.create({ ...fields, ...{ owner } }));
      expect(failure).toMatchObject({ code: 'invalid_argument', argument: 'key.owner' });
    }
    for (const call of [
      () => view.list(wrong({ owner: 'org_2' })),
      () => view.activity(wrong({ owner: 'org_2' })),
      () => view.revokeAll({ actor, ...{ owner: 'org_2' } }),
      () => view.verifyActivity(wrong({ owner: 'org_2' })),
    ]) {
      expect(await failureOf(call)).toMatchObject({ code: 'invalid_argument' });
    }
    expect([await contentsOf(store), await contentsOf(store, 'org_2')]).toEqual(before);
  });

  it('accepts owners of any name', async () => {
    const { keys } = setUp();
    for (const owner of ['__proto__', 'constructor', 'hasOwnProperty', 'org 1', '😀']) {
      const view = keys.forOwner(owner);
      expect((await view.list()).items).toEqual([]);
      const { record } = await view.create(fields);
      expect(record.owner).toBe(owner);
      expect((await view.list()).items).toEqual([record]);
      expect(await view.verifyActivity()).toMatchObject({ head: { sequence: 1 } });
    }
  });
});
