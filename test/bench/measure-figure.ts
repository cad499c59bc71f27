import type { BenchmarkList } from './figure.ts';
import type { Outcome } from './report.ts';

// The process in which one figure is measured: no other benchmark has shaped its heap or its
// compiled code, and nothing but that figure is lost if it ends early.
const [list = '', place, id] = process.argv.slice(2);

async function measure(): Promise<Outcome> {
  const { benchmarks } = (await import(list)) as BenchmarkList;
  const benchmark = await benchmarks[Number(place)]?.();
  const figure = benchmark?.figures.find((candidate) => candidate.id === id);
  if (figure === undefined) throw new Error(`${list} has no figure ${id} in place ${place}`);
  return figure.measure();
}

const outcome = await measure().catch((error: unknown) => {
  console.error(error);
  return { failure: error instanceof Error ? error.message : String(error) };
});
// Whoever asked hangs up once it has the answer, which an exit could overtake.
process.once('disconnect', () => process.exit());
process.send?.(outcome);
