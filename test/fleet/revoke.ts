import { atLeast, atMost, type Figure, type Measurement } from '../bench/figure.ts';
import { type Fleet, openFleet } from './fleet.ts';
import { actor, type LiveKey } from './keys.ts';

const LEASE_MS = 1000;
const REVOCATIONS = 300;
const AT_ONCE = 16;

/** A healthy fleet that has each key in memory, and milliseconds that work takes on it. */
async function withFleet(
  keys: number,
  work: (fleet: Fleet) => Promise<Measurement>,
): Promise<Measurement> {
  await using fleet = await openFleet('postgres', { good: 1, doomed: keys, leaseMs: LEASE_MS });
  await present(fleet, fleet.doomed);
  let isOver = false;
  const keepAwake = async () => {
    while (!isOver) {
      await present(fleet, fleet.good);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const awake = keepAwake();
  try {
    return await work(fleet);
  } finally {
    isOver = true;
    await awake;
  }
}

async function present({ servers }: Fleet, keys: readonly LiveKey[]): Promise<void> {
  for (const { token } of keys) await Promise.all(servers.map((server) => server.verify(token)));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function healthy(share: number): Promise<Measurement> {
  return withFleet(REVOCATIONS, async ({ manager, doomed }) => {
    const spans: number[] = [];
    for (const { id } of doomed) spans.push(await timed(() => manager.revoke(id, { actor })));
    const sorted = spans.toSorted((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
    const note = `p50 ${at(0.5).toFixed(1)}, p90 ${at(0.9).toFixed(1)}, p99 ${at(0.99).toFixed(1)} ms`;
    return { value: at(share), note };
  });
}

function stopped(): Promise<Measurement> {
  return withFleet(2, async ({ manager, doomed, servers }) => {
    const [first, second] = doomed as [LiveKey, LiveKey];
    servers[0]?.signal('SIGSTOP');
    const value = await timed(() => manager.revoke(first.id, { actor }));
    const after = await timed(() => manager.revoke(second.id, { actor }));
    servers[0]?.signal('SIGCONT');
    return { value, note: `the next one ${after.toFixed(1)} ms` };
  });
}

function atOnce(): Promise<Measurement> {
  return withFleet(REVOCATIONS, async ({ manager, doomed }) => {
    const left = [...doomed];
    const work = async () => {
      for (let key = left.pop(); key !== undefined; key = left.pop()) {
        await manager.revoke(key.id, { actor });
      }
    };
    const ms = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, work)));
    return { value: REVOCATIONS / (ms / 1000) };
  });
}

export const figures: readonly Figure[] = [
  {
    id: 'fleet.revoke.p50',
    title: 'revoke until it resolves, three servers on PostgreSQL, median',
    unit: ' ms',
    bar: atMost(15),
    measure: () => healthy(0.5),
  },
  {
    id: 'fleet.revoke.p99',
    title: 'revoke until it resolves, three servers on PostgreSQL, p99',
    unit: ' ms',
    bar: atMost(60),
    measure: () => healthy(0.99),
  },
  {
    id: 'fleet.revoke.stopped',
    title: 'revoke until it resolves, one of three servers stopped',
    unit: ' ms',
    bar: atMost(1.25 * LEASE_MS + 150),
    measure: stopped,
  },
  {
    id: 'fleet.revoke.at-once',
    title: 'revocations a second, 16 at once, three servers on PostgreSQL',
    unit: ' a second',
    bar: atLeast(150),
    measure: atOnce,
  },
];
