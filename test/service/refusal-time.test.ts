import { createServer } from 'node:http';
import { generateToken, type KeyStore, memoryStore } from 'keywright';
import { apiKeyGuard } from 'keywright/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actor, format, makeKey, setUp } from '../support.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.advanceTimersByTime(100 - (performance.now() % 100));
});

afterEach(() => {
  vi.useRealTimers();
});

/** The milliseconds after which a promise settles, while fake time goes on. */
async function settledAfter(pending: Promise<unknown>): Promise<number> {
  const start = performance.now();
  let at: number | undefined;
  void pending.then(() => {
    at = performance.now();
  });
  for (let i = 0; i < 100 && at === undefined; i++) await vi.advanceTimersByTimeAsync(1);
  return (at ?? Number.NaN) - start;
}

/** A service with the default, and a token for each reason to refuse a well-formed one. */
async function refusedTokens(store: KeyStore = memoryStore()) {
  const { keys, events } = setUp({ store, refusalMs: 5 });
  const [revoked, disabled] = [await makeKey(keys), await makeKey(keys)];
  await keys.revoke(revoked.record.id, { actor });
  await keys.update(disabled.record.id, { enabled: false }, { actor });
  const other = await makeKey(keys, { environment: 'test' });
  const tokens = {
    unknown: generateToken(format, 'live'),
    revoked: revoked.token,
    disabled: disabled.token,
    environment: other.token,
  };
  return { keys, events, tokens, good: (await makeKey(keys)).token };
}

describe('the time of a refusal', () => {
  it('falls on the same tick whatever the reason', async () => {
    const { keys, tokens } = await refusedTokens();
    for (const token of Object.values(tokens)) {
      await vi.advanceTimersByTimeAsync(5 - (performance.now() % 5));
      expect(await settledAfter(keys.authenticate(`Bearer ${token}`))).toBe(10);
    }
  });

  it('falls on the same tick however long the store took', async () => {
    const memory = memoryStore();
    let takesMs = 0;
    const store: KeyStore = {
      ...memory,
      findByDigest: async (digest) => {
        await new Promise((resolve) => setTimeout(resolve, takesMs));
        return memory.findByDigest(digest);
      },
    };
    const { keys, tokens } = await refusedTokens(store);
    for (takesMs of [1, 3, 7]) {
      await vi.advanceTimersByTimeAsync(5 - (performance.now() % 5));
      expect(await settledAfter(keys.authenticate(`Bearer ${tokens.revoked}`))).toBe(10);
    }
    takesMs = 12;
    await vi.advanceTimersByTimeAsync(5 - (performance.now() % 5));
    expect(await settledAfter(keys.authenticate(`Bearer ${tokens.revoked}`))).toBe(15);
  });

  it('waits for the tick on a lacking scope and a failed store too', async () => {
    const memory = memoryStore();
    const store = { ...memory, findByDigest: vi.fn(memory.findByDigest) };
    const { keys, good } = await refusedTokens(store);
    expect(
      await settledAfter(keys.authenticate(`Bearer ${good}`, { scopes: ['admin'] })),
    ).toBeGreaterThanOrEqual(5);
    store.findByDigest.mockRejectedValue(new Error('down'));
    expect(await settledAfter(keys.authenticate(`Bearer ${good}`))).toBeGreaterThanOrEqual(5);
  });

  it('is immediate for malformed credentials, accepted keys and `verify`', async () => {
    const { keys, tokens, good } = await refusedTokens();
    for (const lines of [undefined, ['Bearer a', 'Bearer b'], 'Basic abc', 'Bearer nonsense']) {
      expect(await keys.authenticate(lines)).toMatchObject({ ok: false });
    }
    expect(await keys.authenticate(`Bearer ${good}`)).toMatchObject({ ok: true });
    expect(await keys.verify(tokens.revoked)).toEqual({ ok: false, reason: 'revoked' });
  });

  it('is immediate with refusalMs 0', async () => {
    const { keys } = setUp({ refusalMs: 0 });
    const token = generateToken(format, 'live');
    expect(await keys.authenticate(`Bearer ${token}`)).toMatchObject({ reason: 'unknown' });
  });

  it('does not delay the event', async () => {
    const { keys, tokens, events } = await refusedTokens();
    const pending = keys.authenticate(`Bearer ${tokens.revoked}`);
    expect(events.at(-1)).toMatchObject({ type: 'refused', reason: 'revoked' });
    await settledAfter(pending);
  });

  it('holds the response of a guard', async () => {
    vi.useRealTimers();
    const { keys } = setUp({ refusalMs: 30 });
    const guard = apiKeyGuard(keys);
    const server = createServer((req, res) => guard(req, res, () => res.end()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const start = performance.now();
    const headers = { Authorization: `Bearer ${generateToken(format, 'live')}` };
    const response = await fetch(`http://127.0.0.1:${port}`, { headers });
    expect(response.status).toBe(401);
    expect(performance.now() - start).toBeGreaterThanOrEqual(30);
    server.close();
  });
});
