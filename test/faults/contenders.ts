import { exactly, type Figure, type Measurement } from '../bench/figure.ts';
import type { Bout } from './contenders/contender.ts';
import { faultIn, type Move, type Outcome } from './contenders/verdict.ts';
import { type EngineName, startEngine } from './engines.ts';
import { holdingsOf } from './holdings.ts';
import { openStore } from './open-store.ts';
import { actor, serviceOver } from './operations.ts';
import { scaled } from './scale.ts';
import { startWorker } from './worker.ts';

const ROUNDS = 500;
const DEADLINE_MS = 15 * 60_000;

/** Sixteen contenders, four in each of four processes. */
const PROCESSES = 4;
const EACH = 4;
/** Fewer revoke than rotate, so that both come first often. */
const REVOKE_SHARE = 0.15;

async function contend(name: EngineName): Promise<Measurement> {
  await using engine = await startEngine(name);
  const address = await engine.database();
  const { store, migrate, close } = await openStore(address);
  await migrate();
  const keys = serviceOver(store);
  const program = new URL('./contenders/contender.ts', import.meta.url).href;
  const workers = await Promise.all(
    Array.from({ length: PROCESSES }, () => startWorker(program, [address])),
  );
  const faults: string[] = [];
  let [held, rotated] = [0, 0];

  async function round(owner: string): Promise<void> {
    const created = await keys.create({ name: 'key', owner, environment: 'live', actor });
    const { id } = created.record;
    const token = created.secret.reveal();
    const outcomes = await Promise.all(
      workers.map(async (worker, index) => {
        const bout: Bout = { id, token, moves: movesOf(index) };
        return (await worker.ask(bout)) as Outcome[];
      }),
    );
    const all = outcomes.flat();
    const fault = faultIn(id, all, await holdingsOf(store, owner));
    const report = await keys.verifyActivity({ owner });
    if (all.some(({ successorId }) => successorId !== undefined)) rotated++;
    if (fault === undefined && report.ok) held++;
    else faults.push(`${owner}: ${fault ?? 'the chain is broken'}`);
  }

  const end = performance.now() + DEADLINE_MS;
  const rounds = scaled(ROUNDS);
  try {
    for (let i = 0; i < rounds && performance.now() < end; i++) await round(`org_${i}`);
  } finally {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    await keys.close();
    await close();
  }
  const found = faults.length === 0 ? '' : `; ${faults.length} faults, such as ${faults[0]}`;
  return { value: held, note: `a rotation came before the revocation in ${rotated}${found}` };
}

/** What the contenders of a process do: one at least revokes, one at least rotates. */
function movesOf(index: number): Move[] {
  return Array.from({ length: EACH }, (_, i) => {
    if (index === 0 && i < 2) return i === 0 ? 'rotate' : 'revoke';
    return Math.random() < REVOKE_SHARE ? 'revoke' : 'rotate';
  });
}

const ENGINES: readonly EngineName[] = ['sqlite', 'postgres', 'mariadb', 'redis'];

export const figures: readonly Figure[] = ENGINES.map((name) => ({
  id: `contenders.${name}`,
  title: 'rounds of 16 contenders for one key, in 4 processes, with one story in the end',
  unit: ' rounds',
  bar: exactly(scaled(ROUNDS)),
  measure: () => contend(name),
}));
