import { createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { keyUse } from 'keywright/rotation';
import { manualClock } from 'keywright/testing';
import { describe, expect, it } from 'vitest';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const actor = { id: 'user_1' };

async function rotated(options: { graceMs?: number } = {}) {
  const clock = manualClock();
  const keys = createApiKeys({
    format: tokenFormat({ brand: 'prn', environments: ['live'] }),
    store: memoryStore(),
    clock,
  });
  const old = await keys.create({ name: 'A', owner: 'org_1', environment: 'live', actor });
  const createdAt = clock.now();
  await keys.verify(old.secret.reveal());
  const replacedAt = clock.advance(HOUR);
  const { record } = await keys.rotate(old.record.id, { actor, ...options });
  const use = (quietMs?: number) =>
    keyUse(keys, old.record.id, { clock, ...(quietMs === undefined ? {} : { quietMs }) });
  return { keys, clock, old, createdAt, replacedAt, successor: record, use };
}

describe('keyUse', () => {
  it('finds an old key in use right after its rotation, by its use before', async () => {
    const { clock, createdAt, replacedAt, successor, use } = await rotated();
    clock.advance(60_000);
    expect(await use()).toEqual({
      inUse: true,
      lastUsedAt: createdAt,
      replacedBy: successor.id,
      replacedAt,
    });
  });

  it('finds it out of use since then once the quiet time has passed', async () => {
    const { clock, createdAt, replacedAt, successor, use } = await rotated();
    clock.advance(DAY);
    expect(await use()).toEqual({
      inUse: false,
      quietSince: createdAt,
      lastUsedAt: createdAt,
      replacedBy: successor.id,
      replacedAt,
    });
  });

  it('finds it in use after a use that has not been written yet', async () => {
    const { keys, clock, old, use } = await rotated();
    const usedAt = clock.advance(HOUR);
    await keys.verify(old.secret.reveal());
    expect(await use()).toMatchObject({ inUse: true, lastUsedAt: usedAt });
    expect(await use()).not.toHaveProperty('quietSince');
  });

  it('finds it out of use when the quiet time has passed', async () => {
    const { keys, clock, old, use } = await rotated();
    const usedAt = clock.advance(1);
    await keys.verify(old.secret.reveal());
    clock.advance(DAY);
    expect(await use()).toMatchObject({ inUse: true });
    clock.advance(1);
    expect(await use()).toMatchObject({ inUse: false, quietSince: usedAt });
    expect(await use(2 * DAY)).toMatchObject({ inUse: true });
  });

  it('tells when a grace ends', async () => {
    const { replacedAt, use } = await rotated({ graceMs: DAY });
    expect(await use()).toMatchObject({ endsAt: replacedAt + DAY });
  });

  it('finds a key that was never used out of use since its creation', async () => {
    const { keys, clock, successor } = await rotated();
    const createdAt = clock.now();
    expect(await keyUse(keys, successor.id, { clock })).toEqual({
      inUse: false,
      quietSince: createdAt,
    });
  });

  it('takes the view of one owner, to whom the keys of another are unknown', async () => {
    const { keys, clock, old } = await rotated();
    expect(await keyUse(keys.forOwner('org_1'), old.record.id, { clock })).toBeDefined();
    expect(await keyUse(keys.forOwner('org_2'), old.record.id, { clock })).toBeUndefined();
    expect(await keyUse(keys, 'key_unknown', { clock })).toBeUndefined();
  });

  it('refuses an option that it does not know', async () => {
    const { keys, old } = await rotated();
    await expect(keyUse(keys, old.record.id, { quietms: 1 } as never)).rejects.toMatchObject({
      code: 'invalid_argument',
      argument: 'options.quietms',
    });
  });

  it.each([-1, 1.5, Number.NaN, '1' as never])('refuses a quiet time of %s', async (quietMs) => {
    const { keys, old } = await rotated();
    await expect(keyUse(keys, old.record.id, { quietMs })).rejects.toMatchObject({
      code: 'invalid_argument',
      argument: 'quietMs',
    });
  });
});
