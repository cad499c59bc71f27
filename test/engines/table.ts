import type { Figure } from '../bench/figure.ts';
import { aligned, type Outcome, rowOf } from '../bench/report.ts';
import type { SetupFigure, SetupMeasurement } from './setup.ts';

const HEADINGS = [
  ...['figure', 'engine', 'fault'],
  ...['lost', 'accepted', 'indeterminate', 'seconds to recover', 'n', ''],
];

/** The set-ups with what their runs counted. */
export function tableOf(results: readonly { figure: Figure; outcome: Outcome }[]): string {
  const cells = results.map(({ figure, outcome }) => cellsOf(figure as SetupFigure, outcome));
  return aligned([HEADINGS, ...cells]);
}

function cellsOf(figure: SetupFigure, outcome: Outcome): string[] {
  const { id, engine, fault, bar } = figure;
  const named = [id, engine, fault];
  if ('failure' in outcome) return [...named, '', '', '', '', '', outcome.failure];
  const { counts, note } = outcome as SetupMeasurement;
  const verdict = bar === undefined ? 'named' : rowOf(figure, outcome).holds ? 'holds' : 'misses';
  const remarks = [verdict, note ?? ''].filter(Boolean).join(': ');
  if (counts === undefined) return [...named, '', '', '', '', '', remarks];
  const { lost, letIn, indeterminate, recoverySeconds, acknowledged } = counts;
  const numbers = [lost, letIn, indeterminate, recoverySeconds.toFixed(1), acknowledged];
  return [...named, ...numbers.map(String), remarks];
}
