import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BenchmarkList, Figure } from './figure.ts';
import { type Outcome, rowOf, tableOf } from './report.ts';

/** Longer than a million keys take on a slow machine. */
const TIMEOUT_MS = 10 * 60_000;

/** A figure, and where in the list its benchmark is. */
interface Listed {
  readonly figure: Figure;
  readonly place: number;
}

/**
 * Measures the figures whose ids begin with one of the given words, or all of them, and prints them:
 * a table, or with `--json` an array of rows. Nothing else goes to standard output.
 *
 * @param list the address of a module, as {@link BenchmarkList} describes it
 * @returns the exit code: 2 for wrong arguments. A figure that misses its bar is a result, not an error.
 */
export async function runBenchmarks(list: string, args: string[]): Promise<number> {
  const listed = await figuresOf(list);
  const { json, selected } = select(listed, args);
  if (selected.length === 0) {
    const ids = listed.map(({ figure }) => `  ${figure.id}\n`);
    process.stderr.write(`usage: npm run bench -- [--json] [prefix of an id …]\n${ids.join('')}`);
    return 2;
  }
  const results: { figure: Figure; outcome: Outcome }[] = [];
  for (const { figure, place } of selected) {
    process.stderr.write(`${figure.id}: ${figure.title} …\n`);
    results.push({ figure, outcome: await measureApart(list, place, figure.id) });
  }
  const rows = results.map(({ figure, outcome }) => rowOf(figure, outcome));
  process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : tableOf(results));
  return 0;
}

async function figuresOf(list: string): Promise<Listed[]> {
  const { benchmarks } = (await import(list)) as BenchmarkList;
  const loaded = await Promise.all(benchmarks.map((load) => load()));
  return loaded.flatMap(({ figures }, place) => figures.map((figure) => ({ figure, place })));
}

function select(
  listed: readonly Listed[],
  args: string[],
): { json: boolean; selected: readonly Listed[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const selected = listed.filter(
      ({ figure }) =>
        positionals.length === 0 || positionals.some((prefix) => figure.id.startsWith(prefix)),
    );
    return { json: values.json, selected };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return { json: false, selected: [] };
  }
}

/** Measures in a process that can collect its garbage at will; what it prints is no result. */
function measureApart(list: string, place: number, id: string): Promise<Outcome> {
  const program = fileURLToPath(new URL('./measure-figure.ts', import.meta.url));
  return new Promise((resolve) => {
    const child = fork(program, [list, String(place), id], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
      timeout: TIMEOUT_MS,
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
