import { setImmediate as turn } from 'node:timers/promises';
import { createApiKeys, tokenFormat } from 'keywright';
import { type PostgresPool, type PostgresResult, postgresStore } from 'keywright/postgres';
import { sqliteStore } from 'keywright/sqlite';
import { storedKey } from 'keywright/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sqliteFile } from './sqlite-file.ts';

const format = tokenFormat({ brand: 'acme', environments: ['live'] });
const token = `acme_live_${'A'.repeat(55)}`;

/** A pool that gives no answer until it is told to. */
function hangingPool() {
  const answers: (() => void)[] = [];
  const queries: unknown[] = [];
  const client = {
    query(query: unknown) {
      queries.push(query);
      return new Promise<PostgresResult>((resolve) => {
        answers.push(() => resolve({ rows: [], rowCount: 0 }));
      });
    },
    getTransactionStatus: () => 'I',
    on: () => {},
    removeListener: () => {},
    release: () => {},
  };
  const pool: PostgresPool = { connect: async () => client };
  const answer = async () => {
    await turn(); // a query is sent some microtasks after it is asked for
    for (const give of answers.splice(0)) give();
  };
  return { pool, queries, answer };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('look-ups', () => {
  it('answers 503 within storeTimeoutMs for look-ups that hang', async () => {
    const { pool } = hangingPool();
    const options = { storeTimeoutMs: 50, refusalMs: 0, onEvent: () => {} };
    const keys = createApiKeys({ format, store: postgresStore(pool), ...options });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const result = keys.authenticate(`Bearer ${token}`);
    await vi.advanceTimersByTimeAsync(50);
    expect(await result).toMatchObject({ ok: false, refusal: { status: 503 } });
  });

  it('rejects look-ups beyond maxLookups at once, and does not send them', async () => {
    const { pool, queries, answer } = hangingPool();
    const store = postgresStore(pool, { maxLookups: 3 });
    const { digest } = storedKey();
    const waiting = Array.from({ length: 3 }, () => store.findByDigest(digest));
    await expect(store.findByDigest(digest)).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    await answer();
    expect(queries).toEqual([expect.objectContaining({ values: [Array(3).fill(digest)] })]);
    expect(await Promise.all(waiting)).toEqual([undefined, undefined, undefined]);
    const next = store.findByDigest(storedKey().digest);
    await answer();
    expect(await next).toBeUndefined();
  });

  it('shares statements of at most 256 digests in one turn of the event loop', async () => {
    const { pool, queries, answer } = hangingPool();
    const store = postgresStore(pool);
    const digests = Array.from({ length: 300 }, (_, i) => String(i));
    const found = Promise.all(digests.map((digest) => store.findByDigest(digest)));
    await answer();
    await found;
    expect(queries).toEqual([
      expect.objectContaining({ values: [digests.slice(0, 256)] }),
      expect.objectContaining({ values: [digests.slice(256)] }),
    ]);
  });

  it('frees the slots of look-ups that fail', async () => {
    const pool: PostgresPool = {
      connect: () => Promise.reject(new Error('connection refused')),
    };
    const store = postgresStore(pool, { maxLookups: 1 });
    for (let time = 0; time < 3; time++) {
      await expect(store.findByDigest('x')).rejects.toThrow('connection refused');
    }
  });

  it.each([0, -1, 1.5, Number.NaN, '5'])('does not limit look-ups by %s', (maxLookups) => {
    const { pool } = hangingPool();
    const open = () => postgresStore(pool, { maxLookups: maxLookups as number });
    expect(open).toThrow(expect.objectContaining({ argument: 'maxLookups' }));
  });

  it('prepares look-ups under one name for one text, unless prepare is off', async () => {
    const { pool, queries, answer } = hangingPool();
    const found = [true, true, false].map((prepare) =>
      postgresStore(pool, { prepare }).findByDigest('x'),
    );
    await answer();
    await Promise.all(found);
    const [first, second, third] = queries as { name?: string; text: string }[];
    expect(first?.name).toMatch(/^keywright_[0-9a-f]{16}$/);
    expect(second).toEqual(first);
    expect(third).toEqual({ ...first, name: undefined });
    expect(third).not.toHaveProperty('name');
  });

  it('sends no look-up for malformed tokens', async () => {
    const { pool, queries } = hangingPool();
    const keys = createApiKeys({ format, store: postgresStore(pool) });
    for (const bad of ['', 'acme_live_', `${token}A`, token.replace('live', 'prod')]) {
      expect(await keys.verify(bad)).toEqual({ ok: false, reason: 'malformed' });
    }
    expect(queries).toEqual([]);
  });

  it('fails look-ups before the tables exist, and not after', async () => {
    const file = sqliteFile();
    const store = sqliteStore(file.connect());
    await expect(store.findByDigest('x')).rejects.toMatchObject({
      code: 'store_not_migrated',
      message: expect.stringContaining('call await store.migrate()'),
    });
    await store.migrate();
    expect(await store.findByDigest('x')).toBeUndefined();
    file.remove();
  });
});
