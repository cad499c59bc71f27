import { memoryStore } from 'keywright';
import type { ChangeFeed } from 'keywright/store-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, mount } from './support.ts';

const LEASE_MS = 30_000;
/** 1.25 leases. */
const WAIT_MS = 37_500;
const newKey = { name: 'key', environment: 'live', scopes: ['orders:read'] };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A handler before a store with a cache that acknowledges only when the test says so. */
async function watched() {
  const store = memoryStore();
  const feed = store.changes as ChangeFeed;
  await feed.register(LEASE_MS);
  await feed.acknowledge('far', 0, LEASE_MS);
  const mounted = await mount({}, { store });
  const { record } = (await mounted.call('POST', '/api/keys', { json: newKey })).json;
  return { ...mounted, feed, path: `/api/keys/${record.id}` };
}

/** What a request was answered, and after how many milliseconds. */
async function timed(answering: Promise<Answer>): Promise<{ answer: Answer; ms: number }> {
  const begin = performance.now();
  let ms: number | undefined;
  void answering.then(() => {
    ms = performance.now() - begin;
  });
  while (ms === undefined) await vi.advanceTimersByTimeAsync(10);
  return { answer: await answering, ms };
}

describe('a change that a cache does not acknowledge', () => {
  it.each([
    ['revoke', 'POST', '/revoke', {}],
    ['narrow', 'PATCH', '', { scopes: [] }],
  ])('is answered after 2 s, with the time by which it holds: %s', async (_, method, end, json) => {
    const { call, path, time } = await watched();
    const { answer, ms } = await timed(call(method, `${path}${end}`, { json }));
    expect(ms).toBeGreaterThanOrEqual(2000);
    expect(ms).toBeLessThan(2100);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.json.effectiveBy).toBe(time.now + WAIT_MS - 2000);
  });

  it('is answered after 2 s where it revokes all keys', async () => {
    const { call, time } = await watched();
    const { answer, ms } = await timed(call('POST', '/api/keys/revoke-all'));
    expect(ms).toBeLessThan(2100);
    expect(answer.json).toEqual({ revoked: 1, effectiveBy: time.now + WAIT_MS - 2000 });
  });

  it('is answered at once where it rotates, as the token is shown this once', async () => {
    const { call, path, time } = await watched();
    const { answer, ms } = await timed(call('POST', `${path}/rotate`, { json: { graceMs: 1000 } }));
    expect(ms).toBeLessThan(100);
    expect(answer.json.effectiveBy).toBe(time.now + WAIT_MS);
  });
});

describe('a change that every cache acknowledges within 2 s', () => {
  it('is answered then, and holds everywhere', async () => {
    const { call, path, feed } = await watched();
    setTimeout(() => void feed.acknowledge('far', 1, LEASE_MS), 300);
    const { answer, ms } = await timed(call('POST', `${path}/revoke`, { json: {} }));
    expect(ms).toBeLessThan(400);
    expect(answer.json).not.toHaveProperty('effectiveBy');
  });
});
