import { memoryStore } from 'keywright';
import { describe, expect, it } from 'vitest';
import { keyIds } from '../../src/service/key-id.ts';
import { randomText } from '../../src/token/random.ts';
import { actor, contentsOf, failureOf, makeKey, START, setUp } from '../support.ts';

const ids = () => keyIds(randomText((bytes) => crypto.getRandomValues(bytes)));

describe('ids of keys', () => {
  it('consists of `key_` and 23 alphanumeric characters', () => {
    const next = ids();
    for (const now of [0, 1, START, Number.MAX_SAFE_INTEGER, 0.5]) {
      expect(next(now)).toMatch(/^key_[0-9A-Za-z]{23}$/);
    }
  });

  it('sorts ids by bytes in the order of creation', () => {
    const next = ids();
    const made = [0, 1, 61, 62, 3843, 3844, START, START + 1, 62 ** 8 - 1].flatMap((now) =>
      Array.from({ length: 130 }, () => next(now)),
    );
    expect([...made].sort()).toEqual(made);
  });

  it('differs between processes in the same millisecond', () => {
    const made = Array.from({ length: 1000 }, () => ids()(START));
    expect(new Set(made).size).toBe(1000);
    expect(new Set(made.map((id) => id.slice(-12))).size).toBe(1000);
  });

  it('lists keys of one millisecond in the order of creation', async () => {
    const { keys } = setUp();
    const made: string[] = [];
    for (let count = 0; count < 70; count++) made.push((await makeKey(keys)).record.id);
    const { items } = await keys.list({ owner: 'org_1', limit: 100 });
    expect(items.map(({ id }) => id)).toEqual(made.reverse());
  });
});

describe('an id chosen by the caller', () => {
  it.each(['k', 'x'.repeat(255), '__proto__', 'constructor', 'é 1'])(
    'is that of the key: %j',
    async (id) => {
      const { keys, store } = setUp();
      expect((await makeKey(keys, { id })).record.id).toBe(id);
      expect((await keys.get(id))?.id).toBe(id);
      expect((await contentsOf(store)).events[0]?.keyId).toBe(id);
      expect((await keys.revoke(id, { actor })).id).toBe(id);
    },
  );

  it('becomes the id of the successor', async () => {
    const { keys } = setUp();
    const { record } = await makeKey(keys);
    const rotated = await keys.rotate(record.id, { actor, id: 'next' });
    expect(rotated.record).toMatchObject({ id: 'next', replaces: record.id });
    expect(rotated.replaced.replacedBy).toBe('next');
  });

  it('rejects with digest_taken if another key has it', async () => {
    const store = memoryStore();
    const { keys } = setUp({ store });
    const { token } = await makeKey(keys, { id: 'mine' });
    await makeKey(keys, { id: 'other', owner: 'org_2' });
    const before = [await contentsOf(store), await contentsOf(store, 'org_2')];
    const attempts = [
      () => makeKey(keys, { id: 'mine' }),
      () => makeKey(keys, { id: 'mine', owner: 'org_2' }),
      () => keys.rotate('other', { actor, id: 'mine' }),
      () => keys.rotate('mine', { actor, id: 'mine' }),
      () => keys.forOwner('org_2').rotate('other', { actor, id: 'mine' }),
    ];
    for (const attempt of attempts) {
      expect(await failureOf(attempt)).toMatchObject({ code: 'digest_taken' });
    }
    expect([await contentsOf(store), await contentsOf(store, 'org_2')]).toEqual(before);
    expect(await keys.verify(token)).toMatchObject({ principal: { keyId: 'mine' } });
  });
});
