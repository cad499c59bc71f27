import { actor, type Ground, withCache } from './cache-ground.ts';
import { atLeast, type Figure, type Measurement } from './figure.ts';

const KEYS = 10_000;
const RUN_MS = 10_000;
const REQUESTS_A_SECOND = 5000;
/** Keys have owners by turns, so each of these many is one owner's. */
const OWNERS = 500;

/** Draws a rank with a chance that is in inverse proportion to it. */
function zipf(count: number): () => number {
  const sums: number[] = [];
  for (let rank = 1; rank <= count; rank++) sums.push((sums.at(-1) ?? 0) + 1 / rank);
  return () => {
    const drawn = Math.random() * (sums.at(-1) ?? 0);
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

interface Load {
  /** Which key the next request presents. */
  readonly request: () => number;
  /** Which key the next change is of. */
  readonly change: () => number;
  readonly changesASecond: number;
}

/** The share of requests that memory answers. */
async function hitRatio(
  { cache, cached, uncached, ids, tokens }: Ground,
  { request, change, changesASecond }: Load,
): Promise<Measurement> {
  const before = cache.status();
  const begin = performance.now();
  let [sent, begun] = [0, 0];
  const changing: Promise<unknown>[] = [];
  for (let passed = 0; passed < RUN_MS; passed = performance.now() - begin) {
    const due = (passed / 1000) * REQUESTS_A_SECOND;
    for (; sent < due; sent++) await cached.verify(tokens[request()] ?? '');
    for (; begun < (passed / 1000) * changesASecond; begun++) {
      const id = ids[change()] ?? '';
      changing.push(uncached.update(id, { name: `renamed ${begun}` }, { actor }));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(changing);
  const { hits, misses } = cache.status();
  const hit = hits - before.hits;
  const value = hit / (hit + misses - before.misses);
  return { value, note: `${sent} requests and ${begun} changes in ${RUN_MS / 1000} s` };
}

export const figures: readonly Figure[] = [
  {
    id: 'cache.hits',
    title: 'hit ratio, 10,000 keys (Zipf 1.0), 5,000 requests and 10 changes a second',
    unit: '',
    bar: atLeast(0.95),
    measure: () =>
      withCache(KEYS, (ground) => {
        const draw = zipf(KEYS);
        return hitRatio(ground, { request: draw, change: draw, changesASecond: 10 });
      }),
  },
  {
    id: 'cache.hits.others',
    title: 'hit ratio of all other tenants while one makes 50 changes a second',
    unit: '',
    bar: atLeast(0.95),
    measure: () =>
      withCache(KEYS, (ground) => {
        const draw = zipf(KEYS - KEYS / OWNERS);
        // The first key of each row of owners is the busy one's.
        const request = () => {
          const rank = draw();
          return rank + Math.floor(rank / (OWNERS - 1)) + 1;
        };
        const change = () => OWNERS * Math.floor(Math.random() * (KEYS / OWNERS));
        return hitRatio(ground, { request, change, changesASecond: 50 });
      }),
  },
];
