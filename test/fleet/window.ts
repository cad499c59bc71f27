import { exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { scaled } from '../faults/scale.ts';
import { ENGINE_NAMES, ENGINES, type FleetEngineName } from './engines.ts';
import { openFleet } from './fleet.ts';
import { actor } from './keys.ts';

const REQUESTS = 1_000_000;
const KEYS = 200;
const CONCURRENT = 96;

/** An attacker who holds keys that were revoked, and presents each as soon as that has resolved. */
async function measure(name: FleetEngineName): Promise<Measurement> {
  await using fleet = await openFleet(name, { good: 0, doomed: KEYS });
  const { servers, manager, doomed } = fleet;
  const aKey = Math.ceil(scaled(REQUESTS) / KEYS);
  const statuses: Record<number, number> = {};
  const begin = performance.now();
  for (const { id, token } of doomed) {
    const warm = await Promise.all(servers.map((server) => server.verify(token)));
    if (warm.some((status) => status !== 200)) throw new Error(`a good key was answered ${warm}`);
    await manager.revoke(id, { actor });
    let left = aKey;
    const attack = async (_: unknown, i: number) => {
      for (const server = servers[i % servers.length]; left > 0 && server !== undefined; ) {
        left--;
        const status = await server.verify(token);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT }, attack));
  }
  const sent = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const answers = Object.entries(statuses).map(([status, count]) => `${count} of ${status}`);
  const seconds = Math.round((performance.now() - begin) / 1000);
  const note = `${sent} requests with ${KEYS} revoked keys in ${seconds} s: ${answers.join(', ')}`;
  return { value: statuses[200] ?? 0, note };
}

export const figures: readonly Figure[] = ENGINE_NAMES.map((name) => ({
  id: `window.${name}`,
  title: `requests with a revoked key that were accepted on ${ENGINES[name].title}`,
  unit: '',
  bar: exactly(0),
  measure: () => measure(name),
}));
