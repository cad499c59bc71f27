import type { KeyRecord } from 'keywright';
import { describe, expect, it } from 'vitest';
import { actor, makeKey, newKey, START, setUp } from '../support.ts';

describe('get', () => {
  it('returns a record without its digest, or undefined', async () => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys);
    expect(await keys.get(record.id)).toEqual(record);
    expect(JSON.stringify(await keys.get(record.id))).not.toContain('digest');
    for (const id of ['key_unknown', '__proto__', 'constructor', token, `${record.id} `]) {
      expect(await keys.get(id)).toBeUndefined();
    }
  });

  it('returns a key in any state', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    await keys.update(record.id, { expiresAt: START }, { actor });
    await keys.update(record.id, { enabled: false }, { actor });
    await keys.revoke(record.id, { actor });
    expect(await keys.get(record.id)).toMatchObject({
      enabled: false,
      expiresAt: START,
      revokedAt: START,
    });
  });

  it('returns copies that the caller may change', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys, { scopes: ['read'], metadata: { a: [1] } });
    const { scopes, metadata, createdBy } = (await keys.get(record.id)) as KeyRecord;
    (scopes as string[]).length = 0;
    (metadata.a as number[]).push(2);
    Object.assign(metadata, { admin: true });
    Object.assign(createdBy, { id: 'other' });
    expect(await keys.get(record.id)).toEqual(record);
  });
});

/** Keys of `org_1`, one a second, and one of another owner. */
async function withKeys(count: number) {
  const service = setUp({ environments: ['live', 'test'] });
  const { keys, time } = service;
  const made: { id: string; token: string }[] = [];
  for (let index = 0; index < count; index++) {
    time.now = START + index * 1000;
    const { token, record } = await makeKey(keys, {
      name: `Key ${index}`,
      environment: index % 2 === 0 ? 'live' : 'test',
    });
    made.push({ id: record.id, token });
  }
  await makeKey(keys, { owner: 'org_2' });
  const ids = made.map(({ id }) => id);
  const indexesOf = (page: { items: { id: string }[] }) =>
    page.items.map(({ id }) => ids.indexOf(id));
  return { ...service, made, indexesOf };
}

describe('list', () => {
  it('returns the keys of an owner, newest first', async () => {
    const { keys, indexesOf } = await withKeys(5);
    const page = await keys.list({ owner: 'org_1' });
    expect(indexesOf(page)).toEqual([4, 3, 2, 1, 0]);
    expect('cursor' in page).toBe(false);
    expect(page.items[0]).toEqual(await keys.get(page.items[0]?.id ?? ''));
    expect(await keys.list({ owner: 'org_3' })).toEqual({ items: [] });
  });

  it('returns 20 keys a page by default', async () => {
    const { keys, indexesOf } = await withKeys(21);
    const first = await keys.list({ owner: 'org_1' });
    expect(first.items).toHaveLength(20);
    const { cursor = '' } = first;
    expect(indexesOf(await keys.list({ owner: 'org_1', cursor }))).toEqual([0]);
  });

  it('returns every key once over its pages, whatever is created meanwhile', async () => {
    const { keys, indexesOf, time } = await withKeys(7);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await keys.list({ owner: 'org_1', limit: 3, ...(cursor && { cursor }) });
      seen.push(...indexesOf(page));
      cursor = page.cursor;
      time.now += 60_000;
      await makeKey(keys);
    } while (cursor !== undefined);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  it('returns no cursor if a page ends with the last key', async () => {
    const { keys } = await withKeys(6);
    const first = await keys.list({ owner: 'org_1', limit: 3 });
    const { cursor = '' } = first;
    expect(cursor).not.toBe('');
    expect('cursor' in (await keys.list({ owner: 'org_1', limit: 3, cursor }))).toBe(false);
  });

  it('rejects a cursor that no list of keys returned', async () => {
    const { keys, made } = await withKeys(3);
    await keys.revoke(made[0]?.id ?? '', { actor });
    const { cursor: foreign = '' } = await keys.activity({ owner: 'org_1', limit: 1 });
    for (const cursor of [
      foreign,
      '0',
      '.',
      'a.b',
      '1',
      '-1.a',
      '[object Object]',
      'x'.repeat(512),
    ]) {
      await expect(keys.list({ owner: 'org_1', cursor })).rejects.toMatchObject({
        code: 'invalid_argument',
        argument: 'cursor',
      });
    }
  });

  it('narrows by environment', async () => {
    const { keys, indexesOf } = await withKeys(5);
    const environment = 'test' as const;
    expect(indexesOf(await keys.list({ owner: 'org_1', environment }))).toEqual([3, 1]);
  });

  it('narrows by state, as of now', async () => {
    const { keys, indexesOf, made, time } = await withKeys(6);
    const [, disabled = '', expired = '', revoked = ''] = made.map(({ id }) => id);
    await keys.update(disabled, { enabled: false }, { actor });
    await keys.update(expired, { expiresAt: time.now + 1000 }, { actor });
    await keys.revoke(revoked, { actor });
    const listed = async (state: 'active' | 'disabled' | 'expired' | 'revoked') =>
      indexesOf(await keys.list({ owner: 'org_1', state }));
    expect(await listed('active')).toEqual([5, 4, 2, 0]);
    time.now += 1000;
    expect(await listed('active')).toEqual([5, 4, 0]);
    expect(await listed('disabled')).toEqual([1]);
    expect(await listed('expired')).toEqual([2]);
    expect(await listed('revoked')).toEqual([3]);
  });

  it('narrows by text in the name, whatever its case', async () => {
    const { keys } = setUp();
    for (const name of ['Zapier Prod', 'zapier staging', 'Straße', '100%_off']) {
      await makeKey(keys, { name });
    }
    const named = async (text: string) =>
      (await keys.list({ owner: 'org_1', text })).items.map(({ name }) => name).sort();
    expect(await named('ZAPIER')).toEqual(['Zapier Prod', 'zapier staging']);
    expect(await named('%')).toEqual(['100%_off']);
    expect(await named('_')).toEqual(['100%_off']);
    expect(await named('.*')).toEqual([]);
    expect(await named('STRASSE')).toEqual(['Straße']);
    expect(await named('straß')).toEqual(['Straße']);
  });

  it('narrows by expiry and by last use', async () => {
    const { keys, indexesOf, made, time } = await withKeys(4);
    const [first = '', second = ''] = made.map(({ id }) => id);
    await keys.update(first, { expiresAt: time.now + 1000 }, { actor });
    await keys.update(second, { expiresAt: time.now + 2000 }, { actor });
    const owner = 'org_1';
    expect(indexesOf(await keys.list({ owner, expiresBefore: time.now + 2000 }))).toEqual([0]);
    expect(indexesOf(await keys.list({ owner, expiresBefore: time.now + 2001 }))).toEqual([1, 0]);
    time.now = START + 500;
    await keys.verify(made[0]?.token ?? '');
    await keys.flush();
    // The first key was used half a second after its creation; the others never.
    expect(indexesOf(await keys.list({ owner, unusedSince: START + 500 }))).toEqual([]);
    expect(indexesOf(await keys.list({ owner, unusedSince: START + 501 }))).toEqual([0]);
    expect(indexesOf(await keys.list({ owner, unusedSince: START + 1001 }))).toEqual([1, 0]);
  });

  it('narrows by all filters together, and pages over what is left', async () => {
    const { keys, indexesOf } = await withKeys(12);
    const filter = { owner: 'org_1', environment: 'live', text: 'key 1', limit: 1 } as const;
    const first = await keys.list(filter);
    expect(indexesOf(first)).toEqual([10]);
    expect('cursor' in first).toBe(false);
    const all = await keys.list({ ...filter, text: 'key', limit: 4 });
    expect(indexesOf(all)).toEqual([10, 8, 6, 4]);
    const { cursor = '' } = all;
    expect(indexesOf(await keys.list({ ...filter, text: 'key', limit: 4, cursor }))).toEqual([
      2, 0,
    ]);
  });

  it('returns copies that the caller may change', async () => {
    const { keys } = setUp();
    const { record } = await keys.create({ ...newKey, scopes: ['read'] });
    const page = await keys.list({ owner: 'org_1' });
    (page.items[0]?.scopes as string[]).length = 0;
    page.items.length = 0;
    expect((await keys.list({ owner: 'org_1' })).items).toEqual([record]);
  });
});
