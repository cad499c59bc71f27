import { createApiKeys, memoryStore, tokenFormat } from 'keywright';
import { manualClock } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { deprecationHeaders } from '../../src/http/deprecation.ts';

describe('deprecationHeaders', () => {
  it('returns undefined for a key without a successor', () => {
    expect(deprecationHeaders({})).toBeUndefined();
    expect(deprecationHeaders({ expiresAt: 1 })).toBeUndefined();
  });

  it('writes the date in whole seconds (RFC 9745 §2.1)', () => {
    expect(deprecationHeaders({ replacedAt: 1_688_169_599_999 })).toEqual({
      Deprecation: '@1688169599',
    });
  });

  it('writes the end as an HTTP date (RFC 8594 §3)', () => {
    const headers = deprecationHeaders({ replacedAt: 0, expiresAt: 1_546_300_799_000 });
    expect(headers).toEqual({ Deprecation: '@0', Sunset: 'Mon, 31 Dec 2018 23:59:59 GMT' });
  });
});

describe('authenticate with a replaced key', () => {
  const actor = { id: 'user_1' };
  const events: unknown[] = [];
  const clock = manualClock();
  const keys = createApiKeys({
    format: tokenFormat({ brand: 'prn', environments: ['live'] }),
    store: memoryStore(),
    clock,
    onEvent: (event) => events.push(event),
  });
  const create = () => keys.create({ name: 'A', owner: 'org_1', environment: 'live', actor });
  const authenticate = (secret: { reveal(): string }) =>
    keys.authenticate(`Bearer ${secret.reveal()}`);

  it('returns Deprecation for the old key alone', async () => {
    const { secret, record } = await create();
    const { secret: successor } = await keys.rotate(record.id, { actor });
    const seconds = Math.floor(clock.now() / 1000);
    expect(await authenticate(secret)).toMatchObject({
      ok: true,
      headers: { Deprecation: `@${seconds}` },
    });
    expect(await authenticate(successor)).not.toHaveProperty('headers');
  });

  it('returns Sunset at the end of the grace', async () => {
    const { secret, record } = await create();
    await keys.rotate(record.id, { actor, graceMs: 60_000 });
    const Sunset = new Date(clock.now() + 60_000).toUTCString();
    expect(await authenticate(secret)).toMatchObject({ ok: true, headers: { Sunset } });
  });

  it('emits `deprecated` after `verified`', async () => {
    const { secret, record } = await create();
    const rotated = await keys.rotate(record.id, { actor, graceMs: 60_000 });
    events.length = 0;
    await keys.verify(secret.reveal());
    const subject = { keyId: record.id, owner: 'org_1', environment: 'live', at: clock.now() };
    expect(events).toEqual([
      { type: 'verified', ...subject },
      {
        type: 'deprecated',
        ...subject,
        replacedBy: rotated.record.id,
        replacedAt: clock.now(),
        endsAt: clock.now() + 60_000,
      },
    ]);
  });
});
