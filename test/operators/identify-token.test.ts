import { digestToken, legacyFormat } from 'keywright';
import { importKeys } from 'keywright/import';
import { identifyToken } from 'keywright/operators';
import { describe, expect, it } from 'vitest';
import { actor, failureOf, makeKey, setUp } from '../support.ts';

describe('identifyToken', () => {
  it.each(['active', 'revoked', 'disabled', 'expired', 'of another environment'])(
    'returns the record of a key that is %s, without an event or a use',
    async (state) => {
      const { keys, store, time, events } = setUp();
      const environment = state === 'of another environment' ? 'test' : 'live';
      const expiresAt = time.now + 1000;
      const { token, record } = await makeKey(keys, { environment, expiresAt });
      if (state === 'revoked') await keys.revoke(record.id, { actor });
      if (state === 'disabled') await keys.update(record.id, { enabled: false }, { actor });
      if (state === 'expired') time.now += 2000;
      const head = await store.head('org_1');
      events.length = 0;

      expect(await identifyToken(keys, token)).toEqual(await keys.get(record.id));
      await keys.flush();
      expect(await keys.get(record.id)).not.toHaveProperty('lastUsedAt');
      expect(await store.head('org_1')).toEqual(head);
      expect(events).toEqual([]);
    },
  );

  it('returns the record of a token of a legacy format', async () => {
    const old = legacyFormat({ prefix: 'old_', alphabet: 'hex', length: 32 });
    const { keys } = setUp({ legacy: [old] });
    const token = `old_${'0a1b2c3d'.repeat(4)}`;
    const row = { digest: digestToken(token), name: 'Old', owner: 'org_1' };
    await importKeys(keys, [{ ...row, environment: 'live' }], { actor });
    expect(await identifyToken(keys, token)).toMatchObject({ name: 'Old', owner: 'org_1' });
  });

  it('returns nothing for an unknown token, and for what is no token', async () => {
    const { keys } = setUp();
    const { token } = await makeKey(keys);
    expect(await identifyToken(keys, `${token.slice(0, -2)}zz`)).toBeUndefined();
    expect(await identifyToken(keys, 'no token')).toBeUndefined();
  });

  it('refuses the keys of one owner, and what is no text', async () => {
    const { keys } = setUp();
    const wrong = [
      ['keys', () => identifyToken(keys.forOwner('org_1') as never, 'token')],
      ['token', () => identifyToken(keys, undefined as never)],
    ] as const;
    for (const [argument, work] of wrong) {
      expect(await failureOf(work)).toMatchObject({ code: 'invalid_argument', argument });
    }
  });
});
