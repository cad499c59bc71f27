import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiKeys, type KeyStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { apiKeyGuard } from 'keywright/node';
import type { VerifiableKey } from 'keywright/store-kit';
import { openStore } from '../faults/open-store.ts';
import { format } from './keys.ts';

/** What a server is told on its command line. */
export interface ServerOptions {
  readonly address: string;
  readonly leaseMs: number;
  /** `sabotaged`: keeps every record for ever, so that the checker has something to find. */
  readonly cache: 'cached' | 'uncached' | 'sabotaged';
}

/** What a server is told while it runs; it answers each with a {@link ServerReport}. */
export type ServerOrder = { readonly stepMs: number } | { readonly report: true };

export interface ServerReport {
  readonly port: number;
  readonly hits: number;
  readonly misses: number;
  readonly keys: number;
}

const READY_TRIES = 20;

const { address, leaseMs, cache } = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
const opened = await openStore(address);
const cached = cachedStore(opened.store, { leaseMs });
const stores = { cached, uncached: opened.store, sabotaged: sabotaged(opened.store) };
// On a busy machine, a first renewal may take longer than a lease lasts.
for (let tries = 1; cache === 'cached' && !cached.status().isCaching; tries++) {
  const failure = await cached.ready().catch((error: unknown) => error);
  if (failure !== undefined && tries === READY_TRIES) throw failure;
}
const keys = createApiKeys({
  ...{ format, environments: ['live'], store: stores[cache] },
  ...{ storeTimeoutMs: 2000, refusalMs: 0 },
});
const guard = apiKeyGuard(keys);
const server = createServer((req, res) => guard(req, res, () => res.end('{}')));
server.keepAliveTimeout = 0; // a client could else send on a connection that is just being closed
server.listen(0, '127.0.0.1', report);

const systemNow = Date.now;
let steppedMs = 0;
process.on('message', (order: ServerOrder) => {
  if ('stepMs' in order) {
    steppedMs += order.stepMs;
    Date.now = () => systemNow() + steppedMs;
  }
  report();
});
process.on('disconnect', () => process.exit());

function report(): void {
  const { port } = server.address() as AddressInfo;
  const { hits, misses, keys: kept } = cached.status();
  process.send?.({ port, hits, misses, keys: kept } satisfies ServerReport);
}

function sabotaged(store: KeyStore): KeyStore {
  const kept = new Map<string, VerifiableKey>();
  return {
    ...store,
    async findByDigest(digest) {
      const key = kept.get(digest) ?? (await store.findByDigest(digest));
      if (key !== undefined) kept.set(digest, key);
      return key;
    },
  };
}
