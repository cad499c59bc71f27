import type { ApiKeys } from 'keywright';
import { describe, expect, it, vi } from 'vitest';
import { authenticator } from '../../src/guards/authenticator.ts';
import { makeKey, setUp } from '../support.ts';

describe('the authentication of a guard', () => {
  it('is known at once where the store has the key at hand', async () => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys);
    const authenticate = authenticator(keys, {});
    expect(authenticate(`Bearer ${token}`)).toMatchObject({ principal: { keyId: record.id } });
    expect(authenticate(undefined)).toMatchObject({ ok: false, reason: 'absent' });
    await expect(keys.authenticate(`Bearer ${token}`)).resolves.toMatchObject({ ok: true });
  });

  it('is what the host has put in the place of keys.authenticate, and when it does', async () => {
    const { keys } = setUp();
    const { token } = await makeKey(keys);
    const authenticate = authenticator(keys, { scopes: ['read'] });
    const limited = { ok: false, reason: 'unavailable' } as const;
    const spy = vi.spyOn(keys as ApiKeys, 'authenticate').mockResolvedValue(limited as never);
    expect(await authenticate(`Bearer ${token}`)).toBe(limited);
    expect(spy).toHaveBeenCalledExactlyOnceWith(
      `Bearer ${token}`,
      expect.objectContaining({ scopes: ['read'] }),
    );
    spy.mockRestore();
    expect(authenticate(undefined)).toMatchObject({ reason: 'absent' });
  });

  it('rejects, and does not throw, where the clock of the host throws', async () => {
    const broken = new Error('no time');
    let stopped = false;
    const now = () => {
      if (stopped) throw broken;
      return 1_800_000_000_000;
    };
    const { keys } = setUp({ clock: { now } });
    const { token } = await makeKey(keys);
    const authenticate = authenticator(keys, {});
    stopped = true;
    await expect(authenticate(`Bearer ${token}`)).rejects.toBe(broken);
  });
});
