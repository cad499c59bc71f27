import type { Page } from 'keywright';
import { importKeys } from 'keywright/import';
import { openStore } from '../open-store.ts';
import { actor, serviceOver } from '../operations.ts';
import { startWorker } from '../worker.ts';
import { rowsOf, type Size } from './rows.ts';

const VICTIM = new URL('./victim.ts', import.meta.url).href;

/** What two imports left, of which the first was killed in the middle. */
export interface Aftermath {
  /** Keys that the second one imported, and those that it found. */
  readonly imported: number;
  readonly present: number;
  /** Milliseconds that the second one took. */
  readonly rerunMs: number;
  readonly faults: readonly string[];
}

/** Kills an import once half of the keys are there, and runs it again to its end. */
export async function importKilled(address: string, size: Size): Promise<Aftermath> {
  const { store, migrate, close } = await openStore(address);
  await migrate();
  const keys = serviceOver(store);
  try {
    const victim = await startWorker(VICTIM, [address, String(size.keys), String(size.owners)]);
    await victim.ask({});
    await victim.end('SIGKILL');
    const begin = performance.now();
    const { imported, present, problems } = await importKeys(keys, rowsOf(size), { actor });
    const rerunMs = performance.now() - begin;
    const faults = problems.map((problem) => JSON.stringify(problem));
    if (imported + present !== size.keys) faults.push(`${imported} and ${present} are not all`);
    if (imported === 0) faults.push('the first import was not killed in time');
    for (const [owner, rows] of Map.groupBy(rowsOf(size), (row) => row.owner)) {
      const names = rows.map(({ name }) => name);
      faults.push(...(await faultsOf(keys, owner, names)));
    }
    return { imported, present, rerunMs, faults };
  } finally {
    await keys.close();
    await close();
  }
}

/** Whether each of the owner's keys is there once, with one event. */
async function faultsOf(
  keys: ReturnType<typeof serviceOver>,
  owner: string,
  expected: readonly string[],
): Promise<string[]> {
  const records = await allOf((page) => keys.list({ owner, ...page }));
  const events = await allOf((page) => keys.activity({ owner, ...page }));
  const names = records.map(({ name }) => name);
  const told = events.map(({ action, keyId }) => `${action} ${keyId}`);
  const toTell = records.map(({ id }) => `key.imported ${id}`);
  const chain = await keys.verifyActivity({ owner });
  const same = (a: readonly string[], b: readonly string[]) =>
    JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
  return [
    ...(same(names, expected) ? [] : [`${owner} has other keys than were imported`]),
    ...(same(told, toTell) ? [] : [`${owner} has other events than one a key`]),
    ...(chain.ok ? [] : [`the chain of ${owner} is broken`]),
  ];
}

async function allOf<Item>(
  read: (page: { limit: number; cursor?: string }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let at: { cursor?: string } | undefined = {}; at !== undefined; ) {
    const page: Page<Item> = await read({ limit: 100, ...at });
    items.push(...page.items);
    at = page.cursor === undefined ? undefined : { cursor: page.cursor };
  }
  return items;
}
