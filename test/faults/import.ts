import { importKeys } from 'keywright/import';
import { atLeast, exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { startEngine } from './engines.ts';
import { importKilled } from './import/killed.ts';
import { rowsOf } from './import/rows.ts';
import { openStore } from './open-store.ts';
import { actor, serviceOver } from './operations.ts';
import { scaled } from './scale.ts';

const sizeNow = () => ({ keys: scaled(100_000), owners: scaled(1000) });

async function killed(name: 'sqlite' | 'postgres'): Promise<Measurement> {
  await using engine = await startEngine(name);
  const { imported, present, rerunMs, faults } = await importKilled(
    await engine.database(),
    sizeNow(),
  );
  const found = faults.length === 0 ? '' : `; such as ${faults[0]}`;
  const note = `${present} before the kill, ${imported} after it, in ${Math.round(rerunMs)} ms${found}`;
  return { value: faults.length, note };
}

/** Keys a second of an import that nothing disturbs. */
async function rate(): Promise<Measurement> {
  await using engine = await startEngine('postgres');
  const { store, migrate, close } = await openStore(await engine.database());
  await migrate();
  const keys = serviceOver(store);
  try {
    const begin = performance.now();
    const { imported } = await importKeys(keys, rowsOf(sizeNow()), { actor });
    const seconds = (performance.now() - begin) / 1000;
    return { value: Math.round(imported / seconds), note: `${imported} keys` };
  } finally {
    await keys.close();
    await close();
  }
}

const engines = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;

export const figures: readonly Figure[] = [
  ...(['sqlite', 'postgres'] as const).map((name) => ({
    id: `import.killed.${name}`,
    title: `Faults after an import of 100,000 keys of 1,000 owners was killed and run again, ${engines[name]}`,
    unit: '',
    bar: exactly(0),
    measure: () => killed(name),
  })),
  {
    id: 'import.rate.postgres',
    title: 'Keys that are imported in a second, PostgreSQL',
    unit: '/s',
    bar: atLeast(5000),
    measure: rate,
  },
];
