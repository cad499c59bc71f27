import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Figure, FigureList } from './figure.ts';
import { type Outcome, rowOf, tableOf } from './report.ts';

/** For a figure, unless the report has another: longer than a million keys take on a slow machine. */
const TIMEOUT_MS = 10 * 60_000;

/** A figure, and where in the list its file is. */
interface Listed {
  readonly figure: Figure;
  readonly place: number;
}

/** What differs between the reports. */
export interface Report {
  /** The npm script that prints it. */
  readonly command: string;
  /** Options with a value, beside `--json`: each is handed over before the figures are loaded. */
  readonly options?: Readonly<Record<string, (value: string) => void>>;
  /** Whether a figure that does not hold fails the command. */
  readonly strict?: boolean;
  /** For how long a figure may be measured, in milliseconds. */
  readonly timeoutMs?: number;
  /** How many figures are measured at once: 1 unless they measure no time. */
  readonly parallel?: number;
  /** Whether a figure is measured where none is named. Default: all are. */
  readonly isDefault?: (figure: Figure) => boolean;
  /** The table for people. Default: that of the benchmarks. */
  readonly tableOf?: typeof tableOf;
}

/**
 * Measures the figures whose ids begin with one of the given words, or all of them, and prints them:
 * a table, or with `--json` an array of rows. Nothing else goes to standard output.
 *
 * @param list the address of a module, as {@link FigureList} describes it
 * @returns the exit code: 2 for wrong arguments; 1 in a strict report of which a figure does not hold
 */
export async function runFigures(list: string, args: string[], report: Report): Promise<number> {
  const asked = read(args, report);
  const listed = await figuresOf(list);
  const { isDefault = () => true, tableOf: table = tableOf } = report;
  const isAsked = (figure: Figure) =>
    asked?.prefixes.length === 0
      ? isDefault(figure)
      : asked?.prefixes.some((prefix) => figure.id.startsWith(prefix));
  const selected = listed.filter(({ figure }) => isAsked(figure));
  if (asked === undefined || selected.length === 0) {
    const ids = listed.map(({ figure }) => `  ${figure.id}\n`);
    process.stderr.write(`${usageOf(report)}${ids.join('')}`);
    return 2;
  }
  const { timeoutMs = TIMEOUT_MS, parallel = 1 } = report;
  const results: { figure: Figure; outcome: Outcome }[] = [];
  const left = selected.entries();
  const measureLeft = async () => {
    for (const [index, { figure, place }] of left) {
      process.stderr.write(`${figure.id}: ${figure.title} …\n`);
      const outcome = await measureApart(list, { figure, place }, timeoutMs);
      results[index] = { figure, outcome };
      process.stderr.write(`${table([{ figure, outcome }]).split('\n')[1]}\n`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, measureLeft));
  const rows = results.map(({ figure, outcome }) => rowOf(figure, outcome));
  process.stdout.write(asked.json ? `${JSON.stringify(rows, null, 2)}\n` : table(results));
  return report.strict && rows.some(({ holds }) => !holds) ? 1 : 0;
}

async function figuresOf(list: string): Promise<Listed[]> {
  const { figureFiles } = (await import(list)) as FigureList;
  const loaded = await Promise.all(figureFiles.map((load) => load()));
  return loaded.flatMap(({ figures }, place) => figures.map((figure) => ({ figure, place })));
}

/** The arguments, if they are right. */
function read(
  args: string[],
  { options = {} }: Report,
): { json: boolean; prefixes: readonly string[] } | undefined {
  try {
    const own = Object.keys(options).map((name) => [name, { type: 'string' as const }]);
    const { values, positionals } = parseArgs({
      args,
      options: { json: { type: 'boolean', default: false }, ...Object.fromEntries(own) },
      allowPositionals: true,
    });
    const given: Readonly<Record<string, unknown>> = values;
    for (const [name, take] of Object.entries(options)) {
      const value = given[name];
      if (typeof value === 'string') take(value);
    }
    return { json: given.json === true, prefixes: positionals };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return undefined;
  }
}

function usageOf({ command, options = {} }: Report): string {
  const own = Object.keys(options).map((name) => ` [--${name} …]`);
  return `usage: npm run ${command} -- [--json]${own.join('')} [prefix of an id …]\n`;
}

/** Measures in a process that can collect its garbage at will; what it prints is no result. */
function measureApart(list: string, { figure, place }: Listed, timeout: number): Promise<Outcome> {
  const program = fileURLToPath(new URL('./measure-figure.ts', import.meta.url));
  return new Promise((resolve) => {
    const child = fork(program, [list, String(place), figure.id], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
      timeout,
      killSignal: 'SIGKILL',
    });
    let outcome: Outcome | undefined;
    child.once('message', (message) => {
      outcome = message as Outcome;
      child.disconnect();
    });
    child.once('error', ({ message }) => resolve({ failure: message }));
    child.once('exit', (code, signal) => {
      resolve(outcome ?? { failure: `its process ended early with ${signal ?? `code ${code}`}` });
    });
  });
}
