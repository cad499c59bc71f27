import { type Figure, type Measurement, reaches } from './figure.ts';

/** One figure as `--json` tells it. */
export interface Row {
  readonly id: string;
  /** `null` if it could not be measured. */
  readonly value: number | null;
  /** `null` if the figure has none. */
  readonly bar: number | null;
  readonly holds: boolean;
}

/** What became of a figure: its measurement, or why there is none. */
export type Outcome = Measurement | { readonly failure: string };

export function rowOf({ id, bar }: Figure, outcome: Outcome): Row {
  const value = 'failure' in outcome ? null : outcome.value;
  const holds = value !== null && (bar === undefined || reaches(value, bar));
  return { id, value, bar: bar?.value ?? null, holds };
}

const HEADINGS = ['figure', 'what', 'value', 'quartiles', 'bar', ''];

/** The figures as a table of text. */
export function tableOf(results: readonly { figure: Figure; outcome: Outcome }[]): string {
  return aligned([HEADINGS, ...results.map(({ figure, outcome }) => cellsOf(figure, outcome))]);
}

/** Lines of cells with each column as wide as its widest cell. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  return lines
    .map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function cellsOf(figure: Figure, outcome: Outcome): string[] {
  const { id, title, unit, bar } = figure;
  const target = bar === undefined ? 'none' : `${bar.sign} ${bar.value}${unit}`;
  if ('failure' in outcome) return [id, title, 'not measured', '', target, outcome.failure];
  const { value, quartiles, note } = outcome;
  const verdict = rowOf(figure, outcome).holds ? 'holds' : 'misses';
  const remarks = [bar === undefined ? '' : verdict, note ?? ''].filter(Boolean);
  return [
    id,
    title,
    `${short(value)}${unit}`,
    quartiles === undefined ? '' : quartiles.map(short).join(' to '),
    target,
    remarks.join(': '),
  ];
}

/** Three digits of a small number, all digits before the point of a large one. */
function short(value: number): string {
  return Math.abs(value) < 100 ? String(Number(value.toPrecision(3))) : value.toFixed(0);
}
