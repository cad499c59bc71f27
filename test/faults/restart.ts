import { setTimeout as pause } from 'node:timers/promises';
import { exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { openStore } from './open-store.ts';
import { actor, serviceOver } from './operations.ts';
import { Ledger } from './restart/ledger.ts';
import { type MortalName, type MortalServer, mortalServer } from './restart/mortal-server.ts';
import { openSite } from './restart/site.ts';
import { Traffic } from './restart/traffic.ts';
import { scaled } from './scale.ts';

const RESTARTS = 10;
/** Within so many milliseconds of its return, all must be served. */
const SERVING_MS = 5000;
/** For how long the server is down at least, and how long it is watched once all must be served. */
const DOWN_MS = 1500;
const WATCHED_MS = 1000;
const KEYS = 30;

async function restart(name: MortalName): Promise<Measurement> {
  await using server = await mortalServer(name);
  const { store, migrate, close } = await openStore(server.address);
  await migrate();
  const keys = serviceOver(store);
  const ledger = new Ledger();
  const named = { name: 'key', owner: 'org_1', environment: 'live', actor } as const;
  for (let i = 0; i < KEYS; i++) {
    const { secret, record } = await keys.create(named);
    ledger.add(record.id, secret.reveal());
  }
  const admin = await keys.create({ ...named, owner: 'org_admin' });
  const site = await openSite(keys);
  const traffic = new Traffic(site, ledger, keys.format, admin.secret.reveal());
  let [survived, slowest] = [0, 0];
  try {
    await pause(1000);
    for (let i = 0; i < scaled(RESTARTS); i++) {
      const before = traffic.faults.length;
      slowest = Math.max(slowest, await oneRestart(server, traffic));
      const found = await traffic.betweenChanges(() => ledger.faults(keys, store));
      traffic.faults.push(...found);
      if (traffic.faults.length === before) survived++;
    }
    await traffic.stop();
  } finally {
    site.close();
    await keys.close();
    await close();
  }
  return { value: survived, note: noteOf(traffic, slowest) };
}

/** Milliseconds from its return until the last request that was not served had begun. */
async function oneRestart(server: MortalServer, traffic: Traffic): Promise<number> {
  const unserved = () => traffic.answers[503] ?? 0;
  const before = unserved();
  await server.kill();
  traffic.condition = 'down';
  await pause(DOWN_MS + Math.random() * 500);
  if (unserved() === before) traffic.faults.push('nothing was asked while the server was down');
  traffic.condition = 'starting';
  await server.start();
  traffic.condition = 'up';
  const back = performance.now();
  await pause(SERVING_MS + WATCHED_MS);
  const lateMs = Math.max(0, traffic.last503 - back);
  if (lateMs > SERVING_MS)
    traffic.faults.push(`503 still ${Math.round(lateMs)} ms after it is back`);
  return lateMs;
}

function noteOf({ answers, acknowledged, faults }: Traffic, slowest: number): string {
  const counts = Object.entries(answers).map(([status, count]) => `${count} of ${status}`);
  const found = faults.length === 0 ? '' : `; ${faults.length} faults, such as ${faults[0]}`;
  return `${counts.join(', ')}; ${acknowledged} changes; all served ${Math.round(slowest)} ms after a return at the latest${found}`;
}

const engines = { postgres: 'PostgreSQL', mariadb: 'MariaDB' } as const;

export const figures: readonly Figure[] = (['postgres', 'mariadb'] as const).map((name) => ({
  id: `restart.${name}`,
  title: `kills and restarts of ${engines[name]} under 200 verifications and 2 changes a second`,
  unit: ' restarts',
  bar: exactly(scaled(RESTARTS)),
  measure: () => restart(name),
}));
