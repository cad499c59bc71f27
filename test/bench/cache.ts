import { type KeyStore, memoryStore } from 'keywright';
import { cachedStore } from 'keywright/cache';
import { makeKeys, type Service, serviceOn, withCache } from './cache-ground.ts';
import { atLeast, atMost, type Figure, type Measurement } from './figure.ts';
import { rateRatio } from './measure.ts';
import { usedBytes } from './used-bytes.ts';

const KEYS = 2000;
const BATCH = 400;
const PAIRS = 40;
/** Fewer where one side reads the store each time. */
const UNCACHED_PAIRS = 15;
const WARM_UP = 3;

/** A batch of verifications, `inFlight` at a time, of which each must succeed. */
function verifying(keys: Service, tokens: readonly string[], inFlight: number, batch = BATCH) {
  let next = 0;
  const one = async () => {
    const result = await keys.verify(tokens[next++ % tokens.length] ?? '');
    if (!result.ok) throw new Error(result.reason);
  };
  return async () => {
    let left = batch;
    const work = async () => {
      while (left-- > 0) await one();
    };
    await Promise.all(Array.from({ length: inFlight }, work));
  };
}

function againstMemory(): Promise<Measurement> {
  return withCache(KEYS, async ({ cached, tokens }) => {
    const memory = serviceOn(memoryStore());
    const own = await makeKeys(memory, KEYS);
    const subject = verifying(cached, tokens, 1, 4000);
    const baseline = verifying(memory, own.tokens, 1, 4000);
    return rateRatio({ subject, baseline }, { warmUp: WARM_UP, pairs: PAIRS });
  });
}

function againstUncached(inFlight: number): Promise<Measurement> {
  return withCache(KEYS, ({ cached, uncached, tokens }) => {
    const subject = verifying(cached, tokens, inFlight);
    const baseline = verifying(uncached, tokens, inFlight);
    return rateRatio({ subject, baseline }, { warmUp: WARM_UP, pairs: UNCACHED_PAIRS });
  });
}

const MEMORY_KEYS = 100_000;

/** What the cache adds over its store, each record fresh as from a driver. */
async function bytesPerKey(): Promise<Measurement> {
  const inner = memoryStore();
  const fresh: KeyStore = {
    ...inner,
    findByDigest: async (digest) => structuredClone(await inner.findByDigest(digest)),
  };
  const cache = cachedStore(fresh, { leaseMs: 300_000, maxAgeMs: 86_400_000 });
  await cache.ready();
  const keys = serviceOn(cache);
  const { tokens } = await makeKeys(keys, MEMORY_KEYS, { plan: 'pro', region: 'eu' });
  for (const token of tokens.slice(0, 100)) await keys.verify(token);
  const before = usedBytes();
  for (const token of tokens) await keys.verify(token);
  const value = (usedBytes() - before) / (MEMORY_KEYS - 100);
  if (cache.status().keys !== MEMORY_KEYS) throw new Error('the cache does not hold all keys');
  await cache.close();
  return { value };
}

export const figures: readonly Figure[] = [
  {
    id: 'cache.verify.memory',
    title: 'cached verify on PostgreSQL against the memory store',
    unit: '×',
    bar: atLeast(0.7),
    measure: againstMemory,
  },
  {
    id: 'cache.verify.uncached.1',
    title: 'cached against uncached verify on PostgreSQL, one in flight',
    unit: '×',
    bar: atLeast(60),
    measure: () => againstUncached(1),
  },
  {
    id: 'cache.verify.uncached.32',
    title: 'cached against uncached verify on PostgreSQL, 32 in flight',
    unit: '×',
    bar: atLeast(30),
    measure: () => againstUncached(32),
  },
  {
    id: 'cache.memory',
    title: 'memory of a cached key with two short fields of metadata',
    unit: ' bytes',
    bar: atMost(800),
    measure: bytesPerKey,
  },
];
