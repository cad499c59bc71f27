import { isDeepStrictEqual } from 'node:util';
import { exactly, type Figure, type Measurement } from '../bench/figure.ts';
import { type Engine, type EngineName, startEngine } from './engines.ts';
import { schemaOf } from './migrations/schema-of.ts';
import { keepServing } from './migrations/serving.ts';
import { openStore } from './open-store.ts';
import { scaled } from './scale.ts';
import { runWorker, startWorker } from './worker.ts';

const PROGRAM = new URL('./migrations/migrator.ts', import.meta.url).href;

type Moment = 'before' | 'after';

interface Cut {
  /** The number of the statement at which the migrator is killed. */
  readonly at: number;
  readonly moment: Moment;
}

/** How many statements the migration has, and what it leaves. */
async function undisturbed(engine: Engine) {
  const address = await engine.database();
  const migrator = await startWorker(PROGRAM, [address]);
  const statements = Number(await migrator.done());
  if (!(statements > 5)) throw new Error(`the migration ran ${statements} statements`);
  return { statements, schema: await schemaOf(address) };
}

/** Kills a migrator and lets two begin again at once; what is then wrong. */
async function faultAfter(
  engine: Engine,
  { at, moment }: Cut,
  schema: readonly unknown[],
  served: { times: number },
): Promise<string | undefined> {
  const address = await engine.database();
  const opened = await openStore(address);
  try {
    const end = await runWorker(PROGRAM, [address, String(at), moment]);
    if (end !== 'SIGKILL') throw new Error(`the migrator was not killed, but ended with ${end}`);
    const ends = await Promise.all([
      runWorker(PROGRAM, [address]),
      runWorker(PROGRAM, [address]),
      opened.migrate(),
    ]);
    if (ends[0] !== 0 || ends[1] !== 0) return `the reruns ended with ${ends.slice(0, 2)}`;
    const outcome = await keepServing(opened).stop();
    served.times += outcome.times;
    if (outcome.failure !== undefined) return outcome.failure;
    return isDeepStrictEqual(await schemaOf(address), schema) ? undefined : 'the schema differs';
  } finally {
    await opened.close();
  }
}

async function migrateOn(name: EngineName): Promise<Measurement> {
  await using engine = await startEngine(name);
  // SQLite runs a statement while its process waits, so there is no moment in between.
  const moments: readonly Moment[] = name === 'sqlite' ? ['before'] : ['before', 'after'];
  const faults: string[] = [];
  const served = { times: 0 };
  let [cuts, held] = [0, 0];
  const { statements, schema } = await undisturbed(engine);
  const every = statements / scaled(statements);
  for (let at = 1; at <= statements; at += every) {
    for (const moment of moments) {
      const cut = { at: Math.floor(at), moment };
      const fault = await faultAfter(engine, cut, schema, served).catch(String);
      cuts++;
      if (fault === undefined) held++;
      else faults.push(`${moment} statement ${cut.at}: ${fault}`);
    }
  }
  const found = faults.length === 0 ? '' : `; ${faults.length} faults, such as ${faults[0]}`;
  return {
    value: held / cuts,
    note: `${cuts} kills, two migrators after each; a process served ${served.times} times after them${found}`,
  };
}

const ENGINES: readonly EngineName[] = ['sqlite', 'postgres', 'mariadb'];

export const figures: readonly Figure[] = ENGINES.map((name) => ({
  id: `migrations.${name}`,
  title: 'kills at each statement of a migration that two migrators at once then mend, as a share',
  unit: '',
  bar: exactly(1),
  measure: () => migrateOn(name),
}));
