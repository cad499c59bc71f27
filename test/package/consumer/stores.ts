import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import { Redis } from 'ioredis';
import { type ApiKeysOptions, createApiKeys, type KeyStore } from 'keywright';
import { cachedStore, watchRevocation } from 'keywright/cache';
import { kyselyStore } from 'keywright/kysely';
import { mysqlStore } from 'keywright/mysql';
import { pgliteStore } from 'keywright/pglite';
import { migrationSql, postgresStore } from 'keywright/postgres';
import { redisStore } from 'keywright/redis';
import { sqliteStore } from 'keywright/sqlite';
import {
  type ChainHead,
  type Change,
  type CommitResult,
  EMPTY_HEAD,
  headAfter,
  keyCursor,
  matchesKey,
  pageOf,
  type StoredKey,
  type View,
} from 'keywright/store-kit';
import { Kysely, SqliteDialect } from 'kysely';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import { createClient } from 'redis';
import { actor, format, keys } from './keys.ts';

const stores = [
  postgresStore(new pg.Pool(), { maxLookups: 100 }),
  pgliteStore(new PGlite()),
  sqliteStore(new DatabaseSync('keywright.db')),
  mysqlStore(createPool('mysql://127.0.0.1/app')),
  kyselyStore(new Kysely({ dialect: new SqliteDialect({ database: async () => never() }) })),
];
for (const store of stores) await store.migrate();
console.log(migrationSql('keys'));

export const shared: KeyStore[] = [
  redisStore(createClient({ url: 'redis://127.0.0.1' })),
  redisStore(new Redis(), { prefix: 'keys:' }),
];

const cached = cachedStore(stores[0] ?? never(), {
  leaseMs: 1000,
  onEvent: (event) => console.log(event.type),
});
await cached.ready();
console.log(cached.status().isCaching);

const { close } = watchRevocation(keys, {
  key: { owner: 'org_watch', environment: 'live', metadata: { plan: 'free' } },
  probes: { here: async (token) => (await keys.verify(token)).ok },
  onReport: ({ ok, revokeMs }) => console.log(ok, revokeMs),
});
await close();

/** A store of one's own, by what `keywright/store-kit` exports. */
export class OwnStore implements Pick<KeyStore, 'view' | 'commit' | 'list' | 'head'> {
  #head: ChainHead = EMPTY_HEAD;

  async view(): Promise<View> {
    return { head: this.#head, keys: [], events: [] };
  }

  async commit({ head, events, added }: Change): Promise<CommitResult> {
    if (head.digest !== this.#head.digest) return { status: 'stale', head: this.#head };
    const last = events.at(-1);
    if (last) this.#head = headAfter(last);
    return added.length > 100 ? { status: 'digest_taken' } : { status: 'committed', watchedMs: 0 };
  }

  async list(query: Parameters<KeyStore['list']>[0]): ReturnType<KeyStore['list']> {
    return pageOf<StoredKey>([], (key) => matchesKey(query, key), query.limit, keyCursor);
  }

  async head(): Promise<ChainHead> {
    return this.#head;
  }
}

/** Options may be kept apart, and none of them has to be `undefined`. */
export const options: ApiKeysOptions<'live' | 'test'> = {
  format,
  environments: ['live'],
  store: cached,
};
await createApiKeys(options).forOwner('org_acme').revokeAll({ actor });

function never(): never {
  throw new Error('not run');
}
