/** What a figure must reach. */
export interface Bar {
  readonly value: number;
  readonly sign: '≥' | '≤' | '=';
}

export const atLeast = (value: number): Bar => ({ value, sign: '≥' });
export const atMost = (value: number): Bar => ({ value, sign: '≤' });
export const exactly = (value: number): Bar => ({ value, sign: '=' });

export function reaches(value: number, { value: bar, sign }: Bar): boolean {
  if (sign === '≥') return value >= bar;
  return sign === '≤' ? value <= bar : value === bar;
}

/** What came of measuring a figure, in its unit. */
export interface Measurement {
  readonly value: number;
  /** The first and third quartile of the samples whose median `value` is. */
  readonly quartiles?: readonly [number, number];
  /** What a reader of the table should know beside the number. */
  readonly note?: string;
}

/** One figure, measured in a process of its own. */
export interface Figure {
  /** Words with dots between them, the most general first: figures are selected by prefix. */
  readonly id: string;
  /** What is measured, in a line for people. */
  readonly title: string;
  /** What follows the number: `×`, ` bytes`. */
  readonly unit: string;
  /** A figure without one is told for comparison, and holds once it is measured. */
  readonly bar?: Bar;
  measure(): Measurement | Promise<Measurement>;
}

/** A file of figures, as `import()` gives it. */
interface FigureFile {
  readonly figures: readonly Figure[];
}

/**
 * Where figures are: a module that exports `figureFiles`, each a function that imports one.
 * Processes that measure are given the address of the list.
 */
export interface FigureList {
  readonly figureFiles: readonly (() => Promise<FigureFile>)[];
}
