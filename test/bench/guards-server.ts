import type { KeyStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { postgresStore } from 'keywright/postgres';
import pg from 'pg';
import { apps, type Guarding } from './guards-apps.ts';
import { createKeys, emptyService } from './keys.ts';

// A server in a process of its own, so that its client takes no time from it. Tells its parent where
// it listens and which tokens it knows, and ends with it.
const [framework = '', kind = '', address = ''] = process.argv.slice(2);

const KEYS = 10_000;

async function guardingOf(): Promise<{ guarding: Guarding; tokens: readonly string[] }> {
  if (kind === 'bare') return { guarding: { kind }, tokens: [] };
  const keys = emptyService(kind === 'cached' ? await openCached(address) : undefined);
  const tokens: string[] = [];
  const count = kind === 'peer' ? 1 : KEYS;
  await createKeys(keys, { count, perOwner: 10 }, (token) => tokens.push(token));
  if (kind === 'guarded' || kind === 'cached')
    return { guarding: { kind: 'guarded', keys }, tokens };
  if (kind === 'least') return { guarding: { kind, tokens }, tokens };
  return { guarding: { kind: 'peer', token: tokens[0] ?? '' }, tokens };
}

/** PostgreSQL behind the cache, which holds each key from its first request on. */
async function openCached(connectionString: string): Promise<KeyStore> {
  const store = cachedStore(postgresStore(new pg.Pool({ connectionString })));
  await store.ready();
  return store;
}

const { guarding, tokens } = await guardingOf();
const port = await apps[framework]?.(guarding);
process.once('disconnect', () => process.exit());
process.send?.({ port, tokens });
