import { createApiKeys, tokenFormat } from 'keywright';
import { type PostgresPool, postgresStore } from 'keywright/postgres';
import { sqliteStore } from 'keywright/sqlite';
import { storedKey } from 'keywright/testing';
import { describe, expect, it } from 'vitest';
import { sqliteFile } from './sqlite-file.ts';

const format = tokenFormat({ brand: 'acme', environments: ['live'] });
const token = `acme_live_${'A'.repeat(55)}`;

/** A pool that gives no answer until it is told to. */
function hangingPool() {
  const answers: (() => void)[] = [];
  const queries: unknown[] = [];
  const pool: PostgresPool = {
    query(query) {
      queries.push(query);
      return new Promise((resolve) => answers.push(() => resolve({ rows: [], rowCount: 0 })));
    },
    connect: () => new Promise(() => {}),
  };
  const answer = () => {
    for (const give of answers.splice(0)) give();
  };
  return { pool, queries, answer };
}

describe('look-ups', () => {
  it('that hang are answered 503 within storeTimeoutMs', async () => {
    const { pool } = hangingPool();
    const keys = createApiKeys({ format, store: postgresStore(pool), storeTimeoutMs: 50 });
    const before = performance.now();
    const result = await keys.authenticate(`Bearer ${token}`);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(result).toMatchObject({ ok: false, refusal: { status: 503 } });
  });

  it('beyond maxLookups are refused at once, and not sent', async () => {
    const { pool, queries, answer } = hangingPool();
    const store = postgresStore(pool, { maxLookups: 3 });
    const waiting = Array.from({ length: 3 }, () => store.findByDigest(storedKey().digest));
    await expect(store.findByDigest(storedKey().digest)).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    expect(queries).toHaveLength(3);
    answer();
    expect(await Promise.all(waiting)).toEqual([undefined, undefined, undefined]);
    const next = store.findByDigest(storedKey().digest);
    answer();
    expect(await next).toBeUndefined();
  });

  it('that fail give their place back', async () => {
    const pool: PostgresPool = {
      query: () => Promise.reject(new Error('connection refused')),
      connect: () => Promise.reject(new Error('connection refused')),
    };
    const store = postgresStore(pool, { maxLookups: 1 });
    for (let time = 0; time < 3; time++) {
      await expect(store.findByDigest('x')).rejects.toThrow('connection refused');
    }
  });

  it.each([0, -1, 1.5, Number.NaN, '5'])('are not capped by %s', (maxLookups) => {
    const { pool } = hangingPool();
    const open = () => postgresStore(pool, { maxLookups: maxLookups as number });
    expect(open).toThrow(expect.objectContaining({ argument: 'maxLookups' }));
  });

  it('are prepared under one name for one text, unless prepare is off', async () => {
    const { pool, queries, answer } = hangingPool();
    const found = [true, true, false].map((prepare) =>
      postgresStore(pool, { prepare }).findByDigest('x'),
    );
    answer();
    await Promise.all(found);
    const [first, second, third] = queries as { name?: string; text: string }[];
    expect(first?.name).toMatch(/^keywright_[0-9a-f]{16}$/);
    expect(second).toEqual(first);
    expect(third).toEqual({ text: first?.text, values: ['x'] });
  });

  it('of malformed tokens are none', async () => {
    const { pool, queries } = hangingPool();
    const keys = createApiKeys({ format, store: postgresStore(pool) });
    for (const bad of ['', 'acme_live_', `${token}A`, token.replace('live', 'prod')]) {
      expect(await keys.verify(bad)).toEqual({ ok: false, reason: 'malformed' });
    }
    expect(queries).toEqual([]);
  });

  it('before the tables are made fail, and succeed after', async () => {
    const file = sqliteFile();
    const store = sqliteStore(file.connect());
    await expect(store.findByDigest('x')).rejects.toThrow(/no such table/);
    await store.migrate();
    expect(await store.findByDigest('x')).toBeUndefined();
    file.remove();
  });
});
