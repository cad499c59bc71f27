import { atLeast, exactly, type Figure, type Measurement } from '../../bench/figure.ts';
import { DIRECTED } from './directed.ts';
import { REMOVED_RULES, type RemovedRule } from './removed-rules.ts';
import { runSeed } from './scenario.ts';
import { seedsAsked } from './seeds.ts';
import { type Shipped, shipped, without } from './shipped.ts';

/** Seeds that are tried at most until a removed rule shows; most show within 100. */
const SEEDS_FOR_A_RULE = 6000;

async function lettingIn(code: Shipped, seeds: Iterable<number>): Promise<number | undefined> {
  for (const seed of seeds) {
    const { letIn } = await runSeed(code, seed);
    if (letIn.length > 0) return seed;
  }
  return undefined;
}

async function measureShipped(): Promise<Measurement> {
  let revocations = 0;
  let lookups = 0;
  const failed: number[] = [];
  for (const seed of seedsAsked()) {
    const result = await runSeed(shipped, seed);
    revocations += result.revocations;
    lookups += result.lookups;
    if (result.letIn.length > 0) failed.push(seed);
    for (const words of result.letIn) process.stderr.write(`seed ${seed}: ${words}\n`);
  }
  const seeds = failed.length === 0 ? '' : `; failing seeds ${failed.slice(0, 10).join(', ')}`;
  const note = `${seedsAsked().length} seeds, ${revocations} revocations, ${lookups} look-ups${seeds}`;
  return { value: failed.length, note };
}

async function measureWithout(removed: RemovedRule): Promise<Measurement> {
  const { shipped: code, remove } = await without(removed);
  try {
    if (removed.directed !== undefined) {
      const isLetIn = await DIRECTED[removed.directed](code);
      return { value: isLetIn ? 1 : 0, note: 'by its staged moment' };
    }
    const seeds = Array.from({ length: SEEDS_FOR_A_RULE }, (_, i) => i + 1);
    const seed = await lettingIn(code, seeds);
    return seed === undefined
      ? { value: 0, note: `not in ${SEEDS_FOR_A_RULE} seeds` }
      : { value: 1, note: `by seed ${seed}` };
  } finally {
    await remove();
  }
}

async function measureStaged(): Promise<Measurement> {
  const letIn: string[] = [];
  for (const [name, stage] of Object.entries(DIRECTED)) {
    if (await stage(shipped)) letIn.push(name);
  }
  return { value: letIn.length, note: letIn.join(', ') };
}

export const figures: readonly Figure[] = [
  {
    id: 'simulation.let-in',
    title: 'seeds in which a revoked key was let in',
    unit: '',
    bar: exactly(0),
    measure: measureShipped,
  },
  {
    id: 'simulation.staged',
    title: 'staged moments in which a revoked key was let in',
    unit: '',
    bar: exactly(0),
    measure: measureStaged,
  },
  ...REMOVED_RULES.map((removed) => ({
    id: `simulation.without.${removed.rule}`,
    title: `whether the simulation notices that ${removed.rule} is missing`,
    unit: '',
    bar: atLeast(1),
    measure: () => measureWithout(removed),
  })),
];
