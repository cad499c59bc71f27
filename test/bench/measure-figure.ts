import type { FigureList } from './figure.ts';
import type { Outcome } from './report.ts';

// The process in which one figure is measured: no other figure has shaped its heap or its
// compiled code, and nothing but that figure is lost if it ends early.
const [list = '', place, id] = process.argv.slice(2);

// Whoever asked hangs up once it has the answer, which an exit could overtake, or if it has ended.
process.once('disconnect', () => process.exit());

async function measure(): Promise<Outcome> {
  const { figureFiles } = (await import(list)) as FigureList;
  const file = await figureFiles[Number(place)]?.();
  const figure = file?.figures.find((candidate) => candidate.id === id);
  if (figure === undefined) throw new Error(`${list} has no figure ${id} in place ${place}`);
  return figure.measure();
}

const outcome = await measure().catch((error: unknown) => {
  console.error(error);
  return { failure: error instanceof Error ? error.message : String(error) };
});
process.send?.(outcome);
