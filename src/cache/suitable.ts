import type { KeyStore } from '../store.ts';

/** Why this store or runtime cannot have a cache, and what to use instead; `undefined` if it may. */
export function whyUnsuitable(store: KeyStore): string | undefined {
  if (store.changes === undefined) {
    return 'the store has no change feed: use postgresStore, mysqlStore, sqliteStore or redisStore';
  }
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  if (navigator?.userAgent === 'Cloudflare-Workers') {
    return 'timers of this runtime end with the request: verify against the store';
  }
  return undefined;
}

/** The store can never be cached. Not for a temporary failure, such as a store that is down. */
export class Unsuitable extends Error {}

/**
 * Throws if the settings of the database are known to break the promise of the cache: a standby, several
 * primaries, reads that are spread over servers. If they cannot be read, only the feed checks the server.
 *
 * @throws Unsuitable
 */
export async function assertSuitable(store: Pick<KeyStore, 'inspect'>): Promise<void> {
  const findings = (await store.inspect?.().catch(() => [])) ?? [];
  const refused = findings.find(({ severity }) => severity === 'refuse');
  if (refused !== undefined) throw new Unsuitable(`${refused.message}: ${refused.remedy}`);
}
