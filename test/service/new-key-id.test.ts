import { describe, expect, it } from 'vitest';
import { actor, contentsOf, failureOf, makeKey, newKey, setUp, wrong } from '../support.ts';

describe('the id of a new key', () => {
  it('is the id option of create and rotate', async () => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys, { id: 'key_chosen' });
    expect(record.id).toBe('key_chosen');
    const rotated = await keys.rotate('key_chosen', { actor, id: 'key_next' });
    expect(rotated.record).toMatchObject({ id: 'key_next', replaces: 'key_chosen' });
    expect(rotated.replaced).toMatchObject({ id: 'key_chosen', replacedBy: 'key_next' });
    expect(await keys.verify(token)).toMatchObject({ principal: { keyId: 'key_chosen' } });
    expect(await keys.verify(rotated.secret.reveal())).toMatchObject({
      principal: { keyId: 'key_next' },
    });
  });

  it('rejects with digest_taken if a key of any owner has it', async () => {
    const { keys, store } = setUp();
    const { token, record } = await makeKey(keys, { id: 'key_chosen' });
    const other = await makeKey(keys, { owner: 'org_2' });
    const before = [await contentsOf(store), await contentsOf(store, 'org_2')];
    const taken = { code: 'digest_taken' };
    const again = { ...newKey, owner: 'org_2', id: record.id };
    expect(await failureOf(() => keys.create(again))).toMatchObject(taken);
    const rotation = { actor, id: record.id };
    expect(await failureOf(() => keys.rotate(other.record.id, rotation))).toMatchObject(taken);
    expect([await contentsOf(store), await contentsOf(store, 'org_2')]).toEqual(before);
    expect(await keys.verify(token)).toMatchObject({ ok: true });
  });

  it.each([wrong(1), '', ' ', 'a\u0000', '\ud800', 'x'.repeat(256)])(
    'is refused as %j, and nothing is done',
    async (id) => {
      const { keys, store } = setUp();
      const { record } = await makeKey(keys);
      const before = await contentsOf(store);
      const refused = { code: 'invalid_argument', argument: 'id' };
      expect(await failureOf(() => keys.create({ ...newKey, id }))).toMatchObject(refused);
      expect(await failureOf(() => keys.rotate(record.id, { actor, id }))).toMatchObject(refused);
      expect(await contentsOf(store)).toEqual(before);
    },
  );
});
