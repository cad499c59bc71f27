import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { atLeast, type Figure, type Measurement } from '../bench/figure.ts';
import { startEngine } from './engines.ts';
import { execute, type Site, type Toll } from './kill/executions.ts';
import { openStore } from './open-store.ts';
import { scaled } from './scale.ts';

/** What is not done by then is missing from the figure. */
const DEADLINE_MS = 20 * 60_000;

const VICTIM = new URL('./kill/victim.ts', import.meta.url).href;

/** One file with a write-ahead log, and one with a rollback journal. */
const JOURNALS = ['wal', 'delete'];

export async function killOnSqlite(kills: number, program = VICTIM): Promise<Toll> {
  await using engine = await startEngine('sqlite');
  const opened = await Promise.all(
    JOURNALS.map(async (journal) => {
      const address = `${await engine.database()}?journal=${journal}`;
      const { store, migrate, close } = await openStore(address);
      await migrate();
      const site: Site = { program, store, addressFor: () => address, gone: async () => {} };
      return { site, close };
    }),
  );
  try {
    const sites = opened.map(({ site }) => site);
    return await execute(sites, { kills, deadlineMs: DEADLINE_MS });
  } finally {
    for (const { close } of opened) await close();
  }
}

async function killOnPostgres(kills: number): Promise<Toll> {
  await using engine = await startEngine('postgres');
  const address = await engine.database();
  const { store, migrate, close } = await openStore(address);
  const watch = new pg.Pool({ connectionString: address, max: 2 });
  try {
    await migrate();
    const site: Site = {
      program: VICTIM,
      store,
      addressFor: (owner) => `${address}?application_name=${owner}`,
      async gone(owner) {
        // The server learns only when it next reads that the client is gone, and may commit before.
        const text = 'select 1 from pg_stat_activity where application_name = $1';
        while ((await watch.query(text, [owner])).rows.length > 0) await pause(2);
      },
    };
    return await execute([site], { kills, deadlineMs: DEADLINE_MS });
  } finally {
    await watch.end();
    await close();
  }
}

/** Kills in the midst of a change that left key and event both, or neither. */
export function measurementOf({ committed, absent, cut, between, faults }: Toll): Measurement {
  const cuts = Object.entries(cut).map(([action, times]) => `${times} in ${action}`);
  const fates = `then ${committed} committed, ${absent} absent; ${between} more fell between changes`;
  const found = faults.length === 0 ? '' : `; ${faults.length} faults, such as ${faults[0]}`;
  return { value: committed + absent, note: `${cuts.join(', ')}, ${fates}${found}` };
}

const figure = (id: string, kills: number, kill: (kills: number) => Promise<Toll>): Figure => ({
  id: `kill.${id}`,
  title: 'processes killed during a change, with key and event both there or both absent',
  unit: ' kills',
  bar: atLeast(scaled(kills)),
  measure: async () => measurementOf(await kill(scaled(kills))),
});

export const figures: readonly Figure[] = [
  figure('sqlite', 1000, killOnSqlite),
  figure('postgres', 300, killOnPostgres),
];
