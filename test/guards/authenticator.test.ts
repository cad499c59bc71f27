import { type ApiKeys, tokenFormat } from 'keywright';
import { describe, expect, it, vi } from 'vitest';
import { authenticator } from '../../src/guards/authenticator.ts';
import { makeKey, setUp, wrong } from '../support.ts';

/** These tests present lines as they are. */
const linesOf = (lines: string | undefined) => lines;

describe('the authentication of a guard', () => {
  it('answers in the same turn if the store has the key at hand', async () => {
    const { keys } = setUp();
    const { token, record } = await makeKey(keys);
    const authenticate = authenticator(keys, {}, linesOf);
    expect(authenticate(`Bearer ${token}`)).toMatchObject({ principal: { keyId: record.id } });
    expect(authenticate(undefined)).toMatchObject({ ok: false, reason: 'absent' });
    await expect(keys.authenticate(`Bearer ${token}`)).resolves.toMatchObject({ ok: true });
  });

  it('calls a replacement of keys.authenticate, as soon as there is one', async () => {
    const { keys } = setUp();
    const { token } = await makeKey(keys);
    const authenticate = authenticator(keys, { scopes: ['read'] }, linesOf);
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

  it('answers unavailable, and does not throw, if the clock throws', async () => {
    const clock = { now: () => 1_800_000_000_000 };
    const { keys } = setUp({ clock });
    const { token } = await makeKey(keys);
    const authenticate = authenticator(keys, {}, linesOf);
    clock.now = () => {
      throw new Error('no time');
    };
    expect(authenticate(`Bearer ${token}`)).toMatchObject({ reason: 'unavailable' });
  });

  it('rejects a requirement unknown to the service behind a copy, when it is made', async () => {
    const { keys } = setUp();
    const wider = tokenFormat({ brand: 'prn', environments: ['live', 'test', 'staging'] });
    const copy = { ...keys, format: wider };
    expect(() => authenticator(copy, { environments: [wrong('staging')] }, linesOf)).toThrow(
      expect.objectContaining({ code: 'invalid_argument', argument: 'environments[0]' }),
    );
  });
});
