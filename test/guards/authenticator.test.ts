import { type ApiKeys, tokenFormat } from 'keywright';
import { describe, expect, it, vi } from 'vitest';
import { authenticator } from '../../src/guards/authenticator.ts';
import { makeKey, setUp, wrong } from '../support.ts';

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

  it('knows nothing of a key where the clock of the host throws, and does not throw', async () => {
    const clock = { now: () => 1_800_000_000_000 };
    const { keys } = setUp({ clock });
    const { token } = await makeKey(keys);
    const authenticate = authenticator(keys, {});
    clock.now = () => {
      throw new Error('no time');
    };
    expect(authenticate(`Bearer ${token}`)).toMatchObject({ reason: 'unavailable' });
  });

  it('rejects, and does not throw, where the service knows less than its copy says', async () => {
    const { keys } = setUp();
    const wider = tokenFormat({ brand: 'prn', environments: ['live', 'test', 'staging'] });
    const copy = { ...keys, format: wider };
    const authenticate = authenticator(copy, { environments: [wrong('staging')] });
    await expect(authenticate(undefined)).rejects.toMatchObject({
      code: 'invalid_argument',
      argument: 'environments[0]',
    });
  });
});
