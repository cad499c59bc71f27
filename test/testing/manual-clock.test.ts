import { createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { manualClock } from 'keywright/testing';
import { describe, expect, it } from 'vitest';

const invalid = expect.objectContaining({ code: 'invalid_argument' });

describe('manualClock', () => {
  it('begins at 2026-01-01T00:00:00Z, or where it is told', () => {
    expect(new Date(manualClock().now()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect(manualClock(5).now()).toBe(5);
    expect(manualClock(0).now()).toBe(0);
  });

  it('stands still until it is moved', async () => {
    const clock = manualClock(5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(clock.now()).toBe(5);
  });

  it('advances, steps back, and gives the new time', () => {
    const clock = manualClock(1_000);
    expect(clock.advance(500)).toBe(1_500);
    expect(clock.advance(-1_000)).toBe(500);
    expect(clock.set(7)).toBe(7);
    expect(clock.now()).toBe(7);
  });

  it('refuses a time that is none, and stays where it was', () => {
    const clock = manualClock(10);
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, -11]) {
      expect(() => clock.advance(ms)).toThrow(invalid);
      expect(() => manualClock(ms)).toThrow(invalid);
    }
    expect(() => clock.set(-1)).toThrow(invalid);
    expect(clock.now()).toBe(10);
  });

  it('is a clock for a service, whose keys expire when it says so', async () => {
    const clock = manualClock();
    const format = tokenFormat({ brand: 'prn', environments: ['live'] });
    const keys = createApiKeys({ format, store: memoryStore(), clock });
    const { secret } = await keys.create({
      ...{ name: 'n', owner: 'org_1', environment: 'live', actor: { id: 'user_1' } },
      expiresAt: clock.now() + 60_000,
    });
    clock.advance(59_999);
    expect(await keys.verify(secret.reveal())).toMatchObject({ ok: true });
    clock.advance(1);
    expect(await keys.verify(secret.reveal())).toEqual({ ok: false, reason: 'expired' });
    await keys.close();
  });
});
