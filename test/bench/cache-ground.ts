import { createApiKeys, type KeyStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { startPostgres } from '../servers/postgres.ts';
import type { Measurement } from './figure.ts';
import { format } from './keys.ts';

export const actor = { id: 'user_1' };

export type Service = ReturnType<typeof serviceOn>;

export function serviceOn(store: KeyStore) {
  return createApiKeys({ format, environments: ['live'], store, refusalMs: 0 });
}

/** A service over the cache, the one without it, and the tokens of keys that the cache holds. */
export interface Ground {
  readonly cache: ReturnType<typeof cachedStore>;
  readonly cached: Service;
  readonly uncached: Service;
  readonly ids: readonly string[];
  readonly tokens: readonly string[];
  readonly pool: pg.Pool;
  /** The address of the database. */
  readonly address: string;
}

export async function withCache(
  count: number,
  work: (ground: Ground) => Promise<Measurement>,
): Promise<Measurement> {
  const server = await startPostgres();
  if (server === undefined) throw new Error('PostgreSQL is not installed');
  const address = await server.database();
  const pool = new pg.Pool({ connectionString: address, max: 16 });
  const store = postgresStore(pool);
  await store.migrate();
  const cache = cachedStore(store);
  try {
    await cache.ready();
    const [cached, uncached] = [serviceOn(cache), serviceOn(store)];
    const made = await makeKeys(uncached, count);
    const ground = { cache, cached, uncached, pool, address, ...made };
    for (const token of ground.tokens) await cached.verify(token);
    return await work(ground);
  } finally {
    await cache.close();
    await pool.end();
    await server.stop();
  }
}

export async function makeKeys(keys: Service, count: number, metadata = {}) {
  const [ids, tokens]: [string[], string[]] = [[], []];
  for (let i = 0; i < count; i += 16) {
    const batch = Array.from({ length: Math.min(16, count - i) }, (_, j) => {
      const owner = `org_${(i + j) % 500}`;
      return keys.create({ name: 'key', owner, environment: 'live', actor, metadata });
    });
    for (const { record, secret } of await Promise.all(batch)) {
      ids.push(record.id);
      tokens.push(secret.reveal());
    }
  }
  return { ids, tokens };
}
